//! What the programs are made of: the list the image carries, or else the one that was compiled in.

use serde_json::{Value, json};
use std::path::Path;
use toml::Table;
use web::port::Components;

/// Where an image carries its list.
const IN_IMAGE: &str = "usr/share/uketsuke/sbom.spdx.json";
/// Every crate of the program, as it was built.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// The components, of the whole image where that is known.
pub fn components(system: &Path) -> Components {
    let of_image = std::fs::read_to_string(system.join(IN_IMAGE)).ok();
    let read = of_image.and_then(|text| Some((serde_json::from_str::<Value>(&text).ok()?, text)));
    match read {
        Some((document, text)) => Components {
            file_name: "uketsuke-box.spdx.json".to_owned(),
            count: document["packages"].as_array().map_or(0, Vec::len),
            covers_image: true,
            text,
        },
        None => of_program(),
    }
}

fn of_program() -> Components {
    let crates: Vec<Value> = crates();
    let own = package("uketsuke", env!("CARGO_PKG_VERSION"), None);
    let describes = json!({ "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"] });
    let contains = crates.iter().map(|one| json!({ "spdxElementId": own["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": one["SPDXID"] }));
    let relationships: Vec<Value> = std::iter::once(describes).chain(contains).collect();
    let packages: Vec<Value> = std::iter::once(own).chain(crates).collect();
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": format!("uketsuke-{}", env!("CARGO_PKG_VERSION")),
        "documentNamespace": format!("urn:uketsuke:sbom:program:{}", env!("CARGO_PKG_VERSION")),
        "creationInfo": { "created": "1970-01-01T00:00:00Z", "creators": [format!("Tool: uketsuke-{}", env!("CARGO_PKG_VERSION"))] },
        "packages": packages,
        "relationships": relationships,
    });
    Components {
        file_name: "uketsuke.spdx.json".to_owned(),
        count: document["packages"].as_array().map_or(0, Vec::len),
        covers_image: false,
        text: serde_json::to_string_pretty(&document).unwrap_or_default(),
    }
}

fn crates() -> Vec<Value> {
    let Ok(lock) = LOCK.parse::<Table>() else { return Vec::new() };
    let all = lock.get("package").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let text = |one: &toml::Value, name: &str| one.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    all.iter()
        .filter(|one| one.get("source").is_some())
        .filter_map(|one| Some(package(&text(one, "name")?, &text(one, "version")?, text(one, "checksum"))))
        .collect()
}

fn package(name: &str, version: &str, checksum: Option<String>) -> Value {
    let id: String =
        format!("{name}-{version}").chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut package = json!({
        "SPDXID": format!("SPDXRef-{id}"),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [{ "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": format!("pkg:cargo/{name}@{version}") }],
    });
    if let Some(checksum) = checksum {
        package["checksums"] = json!([{ "algorithm": "SHA256", "checksumValue": checksum }]);
    }
    package
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn without_an_image_the_crates_of_the_program_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = components(folder.path());
        assert!(!told.covers_image && told.count > 50, "{}", told.count);
        assert!(told.text.contains("pkg:cargo/rusqlite@"));
        let place = folder.path().join("usr/share/uketsuke");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("sbom.spdx.json"), "{\"packages\":[{},{}]}").unwrap();
        let told = components(folder.path());
        assert_eq!((told.covers_image, told.count), (true, 2));
    }
}
