//! From where a request comes.

use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

/// The address of the other end of the connection. Whoever accepts connections puts it into the extensions of every
/// request; where it is missing, everybody shares one limit on sign-in attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for PeerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<PeerAddress, Infallible> {
        let known = parts.extensions.get::<PeerAddress>().copied();
        Ok(known.unwrap_or(PeerAddress(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
