#[tokio::test]
async fn dump() {
    let d = crate::description::description(&crate::world::World::new()).await;
    std::fs::write("/tmp/openapi.json", serde_json::to_string_pretty(&d).unwrap()).unwrap();
}
