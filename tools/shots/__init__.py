"""`make shots`: the screenshots of docs/images, taken from a real evening of the demo stores."""
