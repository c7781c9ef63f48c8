"""Signing in with an app, a passkey and a work account, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, CheckAxe, PageAt, TakeScreenshot
from tests.browser.journey import printed_sign_in_link, sign_in
from tests.oidc import Provider, run_provider
from tests.service import Instance, make_instance, serve


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in to award badges")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_app_locks_the_account_a_second_time(
    page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, tmp_path: Path, width: int, javascript: bool
) -> None:
    with serve(make_instance(tmp_path)) as instance:
        page = page_at(width, javascript=javascript, base_url=instance.base_url)

        def look(name: str) -> None:
            if javascript:
                axe(page)
                screenshot(page, name)

        sign_in(page, instance)
        page.get_by_role("link", name="Your account").click()
        look("account")
        page.get_by_role("link", name="Set up an authenticator app").click()
        expect(page.locator(".am-app-qr svg")).to_be_visible()
        look("account app")
        secret = page.locator(".am-app-secret").inner_text().replace(" ", "")
        page.fill("#code", "000000")
        page.get_by_role("button", name="Set it up").click()
        expect(page.locator(".nhsuk-error-summary")).to_be_visible()
        secret = page.locator(".am-app-secret").inner_text().replace(" ", "")
        page.fill("#code", pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Set it up").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        look("account codes")
        recovery = page.locator(".am-codes li").first.inner_text()
        page.get_by_role("link", name="I have kept them").click()
        sign_out(page)

        page.goto(printed_sign_in_link(instance))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("One more thing")
        look("sign in second")
        page.goto("/admin")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.goto("/sign-in/second")
        page.fill("#code", "123")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".nhsuk-error-summary")).to_be_visible()
        page.fill("#code", recovery)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What next?")


@pytest.mark.browser
def test_passkey_signs_in_by_itself(page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, tmp_path: Path) -> None:
    with serve(make_instance(tmp_path)) as instance:
        page = page_at(DESK, base_url=instance.base_url)
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        sign_in(page, instance)
        page.goto("/admin/account")
        page.fill("#name", "My laptop")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
        page.get_by_role("link", name="I have kept them").click()
        expect(page.locator("main")).to_contain_text("My laptop")
        axe(page)
        screenshot(page, "account with a passkey")
        sign_out(page)
        page.goto("/sign-in")
        axe(page)
        screenshot(page, "sign in")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What next?")
        page.goto("/admin/account")
        expect(page.locator("main")).to_contain_text("with a passkey, with a second factor")


@pytest.mark.browser
def test_work_account_signs_in(page_at: PageAt, axe: CheckAxe, screenshot: TakeScreenshot, tmp_path: Path) -> None:
    made = make_instance(tmp_path)
    with run_provider() as provider:
        trusting = replace(made, environment={**made.environment, "BADGES_TRUSTED_PROVIDERS": provider.origin})
        with serve(trusting) as instance:
            walk_with_provider(page_at(DESK, base_url=instance.base_url), instance, provider, axe, screenshot)


def walk_with_provider(
    page: Page, instance: Instance, provider: Provider, axe: CheckAxe, screenshot: TakeScreenshot
) -> None:
    sign_in(page, instance)
    page.goto("/admin/organisations/anytown-hospitals-library/sign-in")
    page.fill("#name", "Anytown account")
    page.fill("#issuer", provider.origin)
    page.fill("#client_id", provider.client_id)
    page.fill("#client_secret", provider.client_secret)
    page.fill("#domains", "example.org")
    page.check("#vouches")
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator(".am-notice")).to_contain_text("The provider answers")
    axe(page)
    screenshot(page, "provider")
    sign_out(page)
    provider.person = {"sub": "42", "email": "librarian@example.org"}
    page.goto("/sign-in/with")
    page.fill("#email", "librarian@example.org")
    page.get_by_role("button", name="Go on").click()
    axe(page)
    page.get_by_role("link", name="Anytown account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What next?")
    page.goto("/admin/account")
    expect(page.locator("main")).to_contain_text("with a work account")
