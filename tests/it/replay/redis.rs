//! The store in Redis, with a real server.

use super::redis_server::RedisServer;

#[test]
fn server_of_the_tests_keeps_its_data_over_a_restart() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let () = server.command(&["SET", "key", "value"]).unwrap();
    server.stop();
    assert!(server.command::<String>(&["GET", "key"]).is_err());
    server.restart();
    assert_eq!(server.command::<String>(&["GET", "key"]).unwrap(), "value");
    server.freeze();
    server.thaw();
    assert_eq!(server.command::<String>(&["GET", "key"]).unwrap(), "value");
}
