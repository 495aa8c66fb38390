"""Tables people keep in spreadsheets: products, prices, stock and customers read from and written to CSV and XLSX."""
