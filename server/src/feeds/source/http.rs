//! Polls an address: asks only for what changed (ETag, Last-Modified), takes gzip and brotli, and caps time and bytes, the
//! bytes counted after decompression.

use super::{MAX_BYTES, Message, Polled, Source};
use bytes::Bytes;
use futures_util::TryStreamExt;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

/// A whole exchange may take so long.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// So many redirects are followed.
const REDIRECTS: usize = 3;

/// An address that is polled.
pub struct Http {
    client: Client,
    url: String,
    etag: Option<HeaderValue>,
    modified: Option<HeaderValue>,
}

/// A client for all feeds: connections are pooled by it.
pub fn client() -> Result<Client, String> {
    Client::builder()
        .user_agent(concat!("vedetta/", env!("CARGO_PKG_VERSION")))
        .timeout(TIME_LIMIT)
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::limited(REDIRECTS))
        .build()
        .map_err(|e| format!("no HTTP client: {e}"))
}

impl Http {
    /// Polls `url` through `client`.
    pub fn new(client: Client, url: &str) -> Self {
        Self { client, url: url.to_owned(), etag: None, modified: None }
    }

    async fn ask(&mut self) -> Result<Option<Bytes>, String> {
        let mut request = self.client.get(&self.url).header(ACCEPT_ENCODING, "gzip, br");
        if let Some(etag) = &self.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &self.modified {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        let response = request.send().await.map_err(|e| plain(&e))?;
        match response.status() {
            StatusCode::NOT_MODIFIED => return Ok(None),
            status if !status.is_success() => return Err(format!("{} answered {status}", host(&self.url))),
            _ => {}
        }
        let (etag, modified) = (response.headers().get(ETAG).cloned(), response.headers().get(LAST_MODIFIED).cloned());
        let bytes = body(response, MAX_BYTES).await?;
        // Only now: a body that broke off must be asked for again.
        (self.etag, self.modified) = (etag, modified);
        Ok(Some(bytes))
    }
}

#[async_trait::async_trait]
impl Source for Http {
    async fn poll(&mut self) -> Polled {
        match self.ask().await {
            Ok(Some(bytes)) => Polled::Message(Message { bytes, capture: None, next: None }),
            Ok(None) => Polled::Unchanged,
            Err(why) => Polled::Failed(why),
        }
    }
    fn again(&mut self) {
        (self.etag, self.modified) = (None, None);
    }
    async fn follow(&mut self, link: &str) -> Result<Bytes, String> {
        fetch(&self.client, link).await
    }
}

/// Fetches an address once, under the same caps.
pub async fn fetch(client: &Client, url: &str) -> Result<Bytes, String> {
    let response = client.get(url).header(ACCEPT_ENCODING, "gzip, br").send().await.map_err(|e| plain(&e))?;
    if !response.status().is_success() {
        return Err(format!("{} answered {}", host(url), response.status()));
    }
    body(response, MAX_BYTES).await
}

// Reads a body through its decompressor, and stops at the cap: what a small message says it will become is not believed.
async fn body(response: Response, cap: usize) -> Result<Bytes, String> {
    let encoding = response.headers().get(CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("identity").trim().to_ascii_lowercase();
    let stream = response.bytes_stream().map_err(std::io::Error::other);
    let raw = tokio::io::BufReader::new(tokio_util::io::StreamReader::new(stream));
    let mut reader: Box<dyn AsyncRead + Unpin + Send> = match encoding.as_str() {
        "identity" | "" => Box::new(raw),
        "gzip" | "x-gzip" => Box::new(async_compression::tokio::bufread::GzipDecoder::new(raw)),
        "br" => Box::new(async_compression::tokio::bufread::BrotliDecoder::new(raw)),
        other => return Err(format!("content encoding `{other}` was not asked for")),
    };
    let mut out = Vec::new();
    (&mut reader).take(cap as u64 + 1).read_to_end(&mut out).await.map_err(|e| format!("the message broke off: {e}"))?;
    if out.len() > cap {
        return Err(format!("the message is larger than {} MiB", cap >> 20));
    }
    Ok(out.into())
}

fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or(url)
}

// reqwest wraps the reason in layers; people need the innermost, without the address twice.
fn plain(e: &reqwest::Error) -> String {
    if e.is_timeout() {
        return format!("no answer within {} s", TIME_LIMIT.as_secs());
    }
    let mut inner: &dyn std::error::Error = e;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
