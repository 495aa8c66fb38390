"""Paths of the users room under `/api/v1/`."""

from django.urls import path

from apps.users.api import code_views, views

urlpatterns = [
    path("csrf/", views.CsrfView.as_view(), name="csrf"),
    path("auth/login/", views.LoginView.as_view(), name="login"),
    path("auth/logout/", views.LogoutView.as_view(), name="logout"),
    path("auth/me/", views.MeView.as_view(), name="me"),
    path("auth/change-password/", views.ChangePasswordView.as_view(), name="change-password"),
    path("auth/register/", views.RegisterView.as_view(), name="register"),
    path("auth/token/", views.TokenView.as_view(), name="token"),
    path("auth/token/refresh/", views.TokenRefreshView.as_view(), name="token-refresh"),
    path("auth/whatsapp/send/", code_views.WhatsAppSendView.as_view(), name="code-whatsapp-send"),
    path("auth/whatsapp/resend/", code_views.WhatsAppResendView.as_view(), name="code-whatsapp-resend"),
    path("auth/whatsapp/verify/", code_views.WhatsAppVerifyView.as_view(), name="code-whatsapp-verify"),
    path("auth/email/send/", code_views.EmailSendView.as_view(), name="code-email-send"),
    path("auth/email/resend/", code_views.EmailResendView.as_view(), name="code-email-resend"),
    path("auth/email/verify/", code_views.EmailVerifyView.as_view(), name="code-email-verify"),
    path("auth/password/reset/", code_views.PasswordResetView.as_view(), name="password-reset"),
    path("auth/password/reset/confirm/", code_views.PasswordResetConfirmView.as_view(), name="password-reset-confirm"),
    path("users/profile/", views.ProfileView.as_view(), name="profile"),
]
