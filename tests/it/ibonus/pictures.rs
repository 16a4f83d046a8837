//! Uploads: the logo and the templates' pictures, and where they are served.

use serde_json::{Value, json};

use super::shop::{Shop, error, shop};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n--X and bytes \xff\x00";
const LOGO: &str = "/loyalty/settings/contact_info/logo/";
const IMAGE: &str = "/loyalty/coupons/1/image/";

fn path_of(shop: &Shop, url: &Value) -> String {
    let url = url.as_str().expect("a URL");
    url.strip_prefix(&shop.url()).unwrap_or_else(|| panic!("{url} is elsewhere")).to_owned()
}

#[test]
fn a_logo_is_served_as_it_was_sent_at_its_absolute_url() {
    let shop = shop();
    let info = || shop.merchant().get("/loyalty/settings/contact_info/").ok();
    assert_eq!(info()["logoPath"], Value::Null);
    shop.merchant().upload(LOGO, "logo", Some("image/png"), PNG).is(200, "");
    let path = path_of(&shop, &info()["logoPath"]);
    let picture = shop.get(&path);
    assert_eq!((picture.status, picture.body.as_slice()), (200, PNG), "and no credentials are needed");
    for (header, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(picture.header(header), Some(value));
    }
    let head = shop.request("HEAD", &path).send();
    assert_eq!((head.status, head.body.len()), (200, 0));

    shop.merchant().upload(LOGO, "logo", None, b"another").is(200, "");
    let next = path_of(&shop, &info()["logoPath"]);
    assert_ne!(path, next, "a new picture has a new URL");
    error(&shop.get(&path), 404);
    assert_eq!(shop.get(&next).header("content-type"), Some("application/octet-stream"));
    for _ in 0..2 {
        shop.merchant().delete(LOGO).is(200, "");
        assert_eq!(info()["logoPath"], Value::Null);
    }
    error(&shop.get(&next), 404);
}

#[test]
fn a_template_has_its_picture_in_every_answer() {
    let shop = shop();
    shop.merchant().upload(IMAGE, "image", Some("image/jpeg"), PNG).is(200, "");
    let one = shop.merchant().get("/loyalty/coupons/1/").ok();
    assert_eq!(shop.merchant().get("/loyalty/coupons/").ok()[0], one);
    let path = path_of(&shop, &one["imagePath"]);
    assert_eq!(shop.get(&path).body, PNG);
    shop.merchant().put("/loyalty/coupons/1/", &json!({"title": "x"})).is(200, "");
    assert_eq!(shop.merchant().get("/loyalty/coupons/1/").ok()["imagePath"], one["imagePath"]);
    shop.merchant().delete(IMAGE).is(200, "");
    shop.merchant().delete(IMAGE).is(200, "");
    assert_eq!(shop.merchant().get("/loyalty/coupons/1/").ok()["imagePath"], Value::Null);
    error(&shop.get(&path), 404);
    for id in ["99", "x"] {
        let path = format!("/loyalty/coupons/{id}/image/");
        let answer = shop.merchant().upload(&path, "image", None, PNG);
        assert_eq!(error(&answer, 404), format!("Coupon with id={id} is not found."));
        error(&shop.merchant().delete(&path), 404);
    }
}

#[test]
fn an_upload_without_its_part_or_without_a_form_is_refused() {
    let shop = shop();
    let merchant = shop.merchant();
    for (path, part, other) in [(LOGO, "logo", "image"), (IMAGE, "image", "logo")] {
        let missing = format!("The part \"{part}\" is missing.");
        assert_eq!(error(&merchant.upload(path, other, None, PNG), 400), missing);
        for (media_type, body) in [
            ("application/json", "{}"),
            ("multipart/form-data", "--X--\r\n"),
            ("multipart/form-data; boundary=X", ""),
            ("multipart/form-data; boundary=X", "nothing of the kind"),
            (
                "multipart/form-data; boundary=X",
                "--X\r\nContent-Disposition: form-data; name=\"logo\"\r\n\r\nhal",
            ),
            (
                "multipart/form-data; boundary=X",
                "--X\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nhal",
            ),
            ("multipart/form-data; boundary=X", "--X\r\nno header\r\n\r\nx\r\n--X--\r\n"),
        ] {
            let message = error(&merchant.form(path, media_type, body), 400);
            assert!(
                message == missing || message.starts_with("The body cannot be read as multipart/form-data: "),
                "{body:?}: {message}"
            );
        }
    }
    assert_eq!(merchant.get("/loyalty/settings/contact_info/").ok()["logoPath"], Value::Null);
}

#[test]
fn a_picture_may_be_as_large_as_a_body_may_be() {
    let shop = shop();
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|place| (place % 251) as u8).collect();
    shop.merchant().upload(LOGO, "logo", Some("image/png"), &bytes).is(200, "");
    let path = path_of(&shop, &shop.merchant().get("/loyalty/settings/contact_info/").ok()["logoPath"]);
    assert!(shop.get(&path).body == bytes, "byte for byte");
    error(&shop.merchant().upload(LOGO, "logo", None, &vec![0; 1 << 20]), 413);
    assert!(shop.get(&path).body == bytes, "the old one stays");
}
