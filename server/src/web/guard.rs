//! What every request passes: nothing that changes state may come from another site, and every answer says how it may be used.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses requests that change state, and socket upgrades, when a browser says they come from another site. Programs send
/// neither header and are judged by what they carry.
pub async fn same_site(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrade = request.headers().contains_key(header::UPGRADE);
    if (!reads || upgrade) && foreign(request.headers()) {
        return (StatusCode::FORBIDDEN, "This request comes from another site.\n").into_response();
    }
    next.run(request).await
}

fn foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, o)| o) != Some(host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Headers of every answer.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_may_act() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let headers: HeaderMap = pairs.iter().map(|(k, v)| (header::HeaderName::from_static(k), HeaderValue::from_static(v))).collect();
            foreign(&headers)
        };
        assert!(!with(&[("host", "city:3000")]));
        assert!(!with(&[("host", "city:3000"), ("origin", "http://city:3000"), ("sec-fetch-site", "same-origin")]));
        assert!(with(&[("host", "city:3000"), ("origin", "http://evil.example")]));
        assert!(with(&[("host", "city:3000"), ("origin", "null")]));
        assert!(with(&[("host", "city:3000"), ("sec-fetch-site", "cross-site")]));
        assert!(with(&[("host", "city:3000"), ("sec-fetch-site", "same-site")]));
    }
}
