-- The rows of an installation that release 0.1.0 made on SQLite, with the tables of its three migrations. The master key and
-- the tokens that belong to them stand in upgrade.rs.
INSERT INTO account (id, name, slug, created_at, disabled_at, version, limit_per_second, limit_per_minute) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 'Northwind', 'northwind', 1795409160000000, NULL, 16, 15, 120);
INSERT INTO member (id, account_id, email, email_folded, name, password_hash, status, role_id, created_at, removed_at, name_folded) VALUES
    ('01a206b9-a740-7233-becc-bb70817e8cc2', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'ada@example.org', 'ada@example.org', 'Ada Lovelace', '$argon2id$v=19$m=19456,t=2,p=1$ekemX4VJFDIxbSyr5TdvIA$FuUOJ1KMGvGTBGixYpLw4Np8rqwlljghCdFYbWJfpz0', 'active', 'admin', 1795409160000000, NULL, 'ada lovelace');
INSERT INTO member (id, account_id, email, email_folded, name, password_hash, status, role_id, created_at, removed_at, name_folded) VALUES
    ('01a206b9-a740-748c-ab27-35abc849728f', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'grace@example.org', 'grace@example.org', 'Grace Hopper', '$argon2id$v=19$m=19456,t=2,p=1$SW0kXyUc7hQ98+dOynL8Lw$vh+Mec2YSydiIPYSOlRdtyCt+7y8SDZpT3PtRP/Xhz0', 'active', NULL, 1795409160000000, NULL, 'grace hopper');
INSERT INTO member (id, account_id, email, email_folded, name, password_hash, status, role_id, created_at, removed_at, name_folded) VALUES
    ('01a206b9-a740-757e-bf33-4fae342256e5', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'alan@example.org', 'alan@example.org', 'Grace Hopper', '$argon2id$v=19$m=19456,t=2,p=1$OQX6ZwQrpAZLmqwoF3D9fw$NIAXrZwDkota5iumTpLg9jsvJudEUL7Yoi0pI2rQWm4', 'active', NULL, 1795409160000000, NULL, 'grace hopper');
INSERT INTO permission_grant (member_id, permission, granted_by, granted_at) VALUES
    ('01a206b9-a740-748c-ab27-35abc849728f', 'api_credentials_management', '01a206b9-a740-7233-becc-bb70817e8cc2', 1795409160000000);
INSERT INTO permission_grant (member_id, permission, granted_by, granted_at) VALUES
    ('01a206b9-a740-757e-bf33-4fae342256e5', 'audit_log', '01a206b9-a740-7233-becc-bb70817e8cc2', 1795409160000000);
INSERT INTO credential (id, account_id, kind, generation, verifier, sealed, hint, created_at, created_by, retired_at, last_used_at, last_used_from) VALUES
    ('01a206b9-a740-70d6-83b4-a7adc39004fa', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'api_key', 1, 'da8e8ea3addb9df2e26c49c21b2d43f2e8f933414ddcea6d3dfa69b19f803b60', 'AenIRpwBlNw0m36WEWcwSiXoK89fydLVMs0c6SMz8g3838n9CDzHV01nom7/yVJz/Uqq8bZj2i4GZGno8i8Gw8jmi99hyv72RHNm', 'jToq', 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', NULL, NULL, NULL);
INSERT INTO credential (id, account_id, kind, generation, verifier, sealed, hint, created_at, created_by, retired_at, last_used_at, last_used_from) VALUES
    ('01a206b9-a740-78c6-b76e-4b55a4c4b9b0', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'bundle_key', 1, 'daf3c6a6abbc4cf8442b2b355c5d842d9d26c29c7d6e9c5654eca96572cca348', 'Ab1KvWB8GnrmalyaGZ7KGA9S8EtGi2TXp2NiJlf3ntwbJhnUlhvB41fUN/NbAxomm/LRzy+evPQ/J85KvHPPnXq/f6VHBfVkUQnG', 'MXpq', 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 1795409160000000, NULL, NULL);
INSERT INTO credential (id, account_id, kind, generation, verifier, sealed, hint, created_at, created_by, retired_at, last_used_at, last_used_from) VALUES
    ('01a206b9-a740-7be2-b3db-31a4f04cbc08', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'bundle_key', 2, '3b5a7590d8dd95d18f07768388071d3a8171bf041baf9b3a7d7db5d0abbf3f04', 'AQadbiUbY56OzGGe8xy/gyxylSkkBimQ/ePVjOVw22HmIapXHMMR9QOncnPZBhJet7e/aSYq3BRqvtL7MmcMzFZARSZoLln86p+2', 'kxIL', 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', NULL, NULL, NULL);
INSERT INTO wrapped_key (purpose, owner, wrapped, created_at) VALUES
    ('pepper', 'installation', 't63WqMSFX8YFKWEC0Kr8w2Hvp+yoNeTYmvcDK2ZhakSKl+zw97q2Tg==', 1795409160000000);
INSERT INTO wrapped_key (purpose, owner, wrapped, created_at) VALUES
    ('audit', 'installation', 'dUTetF+pl7gJPkzFBpHkJPsGdev6vXz4tCkCiITWE26iIdNW43bahg==', 1795409160000000);
INSERT INTO wrapped_key (purpose, owner, wrapped, created_at) VALUES
    ('data', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'Z6No2OwG/p9KMRW4ZXS0Lc0/wz93igzbJ0BKSRhhEqiW00QZh7lz/w==', 1795409160000000);
INSERT INTO session (id, member_id, token_hash, previous_token_hash, previous_valid_until, csrf_secret, device_hash, created_at, last_seen_at, absolute_end, address, user_agent) VALUES
    ('01a206b9-a740-71b8-920b-a60931577030', '01a206b9-a740-7233-becc-bb70817e8cc2', '6f7acf0ad8267c56a10b0534c47362bfbe44e22976a6e63a109091f973445089', '0dbde8ec89252b18b9c8adb1b769bf71e7bb74a7d93dac2e87c3b7d65ef5d20c', 1795409170000000, '2-TRbAGemCFxJKPsXjT8z0Fc90dWPGjsKZwWDddCv_s', 'b829fd01bdb0efda57e56f094321b4035451da2fd4aa0a5b2d45de0ecf033149', 1795409160000000, 1795409160000000, 1795452360000000, '203.0.113.9', 'A browser');
INSERT INTO session (id, member_id, token_hash, previous_token_hash, previous_valid_until, csrf_secret, device_hash, created_at, last_seen_at, absolute_end, address, user_agent) VALUES
    ('01a206b9-a740-7dfa-b252-6f4b5d828cba', '01a206b9-a740-748c-ab27-35abc849728f', 'ebe18517f7448acb751f939fbb905729d04a9276176debe9e673fc6e27bdb9ee', '93ff2851ed20a751b13dad93f882ff088a28c5a873055c143586f1addbb4409c', 1795409170000000, 'f_ksvJCeVIn0DKKFsLIRBmxWnl8mYF1hxPw9OquVVIY', '8fa28406092603e1cb31adfdd92bf3dcfe9fbd0bcaeb4b88582d5eb2a52fcf75', 1795409160000000, 1795409160000000, 1795452360000000, '203.0.113.9', 'A browser');
INSERT INTO session (id, member_id, token_hash, previous_token_hash, previous_valid_until, csrf_secret, device_hash, created_at, last_seen_at, absolute_end, address, user_agent) VALUES
    ('01a206b9-a740-7afd-b329-fcdbeabbf25f', '01a206b9-a740-757e-bf33-4fae342256e5', '56833699814af96d2f6cca89ca850e32c5518a685af62b94691c311dd5492a2c', NULL, NULL, 'esNVsOZNRu4YGIbUnKqrluT9-6fAIbWoUBYtcbx71gQ', '163212659294749a47564fa0e0c478c605b7512c1300086f5d96c076ac16b988', 1795409160000000, 1795409160000000, 1795452360000000, '203.0.113.9', 'A browser');
INSERT INTO known_device (token_hash, member_id, created_at) VALUES
    ('b829fd01bdb0efda57e56f094321b4035451da2fd4aa0a5b2d45de0ecf033149', '01a206b9-a740-7233-becc-bb70817e8cc2', 1795409160000000);
INSERT INTO known_device (token_hash, member_id, created_at) VALUES
    ('8fa28406092603e1cb31adfdd92bf3dcfe9fbd0bcaeb4b88582d5eb2a52fcf75', '01a206b9-a740-748c-ab27-35abc849728f', 1795409160000000);
INSERT INTO known_device (token_hash, member_id, created_at) VALUES
    ('163212659294749a47564fa0e0c478c605b7512c1300086f5d96c076ac16b988', '01a206b9-a740-757e-bf33-4fae342256e5', 1795409160000000);
INSERT INTO login_failure (subject, source, failures, last_at) VALUES
    ('01a206b9-a740-7233-becc-bb70817e8cc2', 'b829fd01bdb0efda57e56f094321b4035451da2fd4aa0a5b2d45de0ecf033149', 1, 1795409160000000);
INSERT INTO audit_chain (id, sequence, last_mac, head_seal) VALUES
    ('installation', 0, '', '5a1c8a47a6ffa3ec9df19917a6edce808b8f469de8ccc20595cd1d7b795e7992');
INSERT INTO audit_chain (id, sequence, last_mac, head_seal) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 17, '39f060f2f05f25baf3eae842778d29175647ecf0f65eb9a0c2199b63fec87055', '26cb8c5b1bf38c0ae4d50125daf5b4f8b6705710b974378b25156209ea4a3e75');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 1, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'account.create', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'done', '203.0.113.9', 'A browser', 'a request', '', '58d4b31c6c1a54141d5e1676ba1e7e7125d8b28ef77379d6e0625c834ae9e83e');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 2, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'member.add', '01a206b9-a740-7233-becc-bb70817e8cc2', 'done', '203.0.113.9', 'A browser', 'a request', '58d4b31c6c1a54141d5e1676ba1e7e7125d8b28ef77379d6e0625c834ae9e83e', '1bd739025711647b59fe322db694b967d2e6c14d18af22fa08957b0c4a25624a');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 3, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'credential.create', 'api_key/1', 'done', '203.0.113.9', 'A browser', 'a request', '1bd739025711647b59fe322db694b967d2e6c14d18af22fa08957b0c4a25624a', '703d1bbcf2b11c5362e595981dc48307340f7558eb7a6f6c77eb72b8b1cedf2b');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 4, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'credential.create', 'bundle_key/1', 'done', '203.0.113.9', 'A browser', 'a request', '703d1bbcf2b11c5362e595981dc48307340f7558eb7a6f6c77eb72b8b1cedf2b', 'fb5af2220082064bfd189bfc08b4c41a5d58656af6931b1182e69ea94837363f');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 5, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'session.sign_in', '', 'done', '203.0.113.9', 'A browser', 'a request', 'fb5af2220082064bfd189bfc08b4c41a5d58656af6931b1182e69ea94837363f', '03ead6a1810f0a5808c97fcdcd7ce1a932a31b8355a9296af5517ad96a0ffdf4');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 6, 1795409160000000, 'operator', 'member.add', '01a206b9-a740-748c-ab27-35abc849728f', 'done', '', 'command line', '', '03ead6a1810f0a5808c97fcdcd7ce1a932a31b8355a9296af5517ad96a0ffdf4', '0b642a8d6aa71b4d601724fdb3619ff0e8456c162d6f95d6e42bd1e0ff8aae74');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 7, 1795409160000000, 'operator', 'permission.grant', '01a206b9-a740-748c-ab27-35abc849728f', 'done', '', 'command line', '', '0b642a8d6aa71b4d601724fdb3619ff0e8456c162d6f95d6e42bd1e0ff8aae74', '6bdd0984b6d4d288d760d1e37b41b1c42b5dfbbe7e6eb88c05eb39868d20decb');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 8, 1795409160000000, '01a206b9-a740-748c-ab27-35abc849728f', 'session.sign_in', '', 'done', '203.0.113.9', 'A browser', 'a request', '6bdd0984b6d4d288d760d1e37b41b1c42b5dfbbe7e6eb88c05eb39868d20decb', '9c3d33aa46276b8dbefde9a7c08015147fc57dbf4bcdf550e244e2824fbadb88');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 9, 1795409160000000, '01a206b9-a740-748c-ab27-35abc849728f', 'credential.view', 'api_key/1', 'done', '203.0.113.9', 'A browser', 'a request', '9c3d33aa46276b8dbefde9a7c08015147fc57dbf4bcdf550e244e2824fbadb88', 'cd8a5385d2d08c05649aee4ff2ea8ee3998055c6b0475965bf182f213a7c9055');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 10, 1795409160000000, 'operator', 'member.add', '01a206b9-a740-757e-bf33-4fae342256e5', 'done', '', 'command line', '', 'cd8a5385d2d08c05649aee4ff2ea8ee3998055c6b0475965bf182f213a7c9055', '81c084e7d994df8f9cf0b12cae7179e0956f491e03553e93315ec6f61622e422');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 11, 1795409160000000, 'operator', 'permission.grant', '01a206b9-a740-757e-bf33-4fae342256e5', 'done', '', 'command line', '', '81c084e7d994df8f9cf0b12cae7179e0956f491e03553e93315ec6f61622e422', '6285c6adfc52ba2473cd424be960b26b1c9495ca78b6978773b10a4c91aabc23');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 12, 1795409160000000, '01a206b9-a740-757e-bf33-4fae342256e5', 'session.sign_in', '', 'done', '203.0.113.9', 'A browser', 'a request', '6285c6adfc52ba2473cd424be960b26b1c9495ca78b6978773b10a4c91aabc23', '1d0deaddfd1b164443dc174729246505befe4c3f95123c85f8f280862e4f631f');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 13, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'credential.reset', 'bundle_key/2', 'done', '203.0.113.9', 'A browser', 'a request', '1d0deaddfd1b164443dc174729246505befe4c3f95123c85f8f280862e4f631f', 'ddb6db718e5babc040fd31763752e24772ca0aa1fcac7f86e51443e3cb618683');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 14, 1795409160000000, '01a206b9-a740-748c-ab27-35abc849728f', 'credential.copy', 'bundle_key/2', 'done', '203.0.113.9', 'A browser', 'a request', 'ddb6db718e5babc040fd31763752e24772ca0aa1fcac7f86e51443e3cb618683', '9c4f3317cb95c76d47b124c0a27870b9ebbab4e3aa23e07f3e310ec1b894390f');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 15, 1795409160000000, '01a206b9-a740-7233-becc-bb70817e8cc2', 'invitation.create', '01a206b9-a740-7bb4-90a5-afb7fe00f3a4', 'done', '203.0.113.9', 'A browser', 'a request', '9c4f3317cb95c76d47b124c0a27870b9ebbab4e3aa23e07f3e310ec1b894390f', '57061363f31831a0aaa60b0342be2f4fd6c4e8d8f758c0be9f67cc5a20725540');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 16, 1795409160000000, 'operator', 'member.make_password_link', '01a206b9-a740-757e-bf33-4fae342256e5', 'done', '', 'command line', '', '57061363f31831a0aaa60b0342be2f4fd6c4e8d8f758c0be9f67cc5a20725540', 'e66bfe1b26cbc432d2e5e71a3b7ca2e2b0da483e907c8cf8685b828e43430ea2');
INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac) VALUES
    ('01a206b9-a740-7304-93dc-e49aef3a02f9', 17, 1795409160000000, '', 'session.sign_in', '01a206b9-a740-7233-becc-bb70817e8cc2', 'wrong_password', '203.0.113.9', 'A browser', 'a request', 'e66bfe1b26cbc432d2e5e71a3b7ca2e2b0da483e907c8cf8685b828e43430ea2', '39f060f2f05f25baf3eae842778d29175647ecf0f65eb9a0c2199b63fec87055');
INSERT INTO invitation (id, account_id, email, email_folded, name, token_hash, created_at, expires_at, invited_by, used_at) VALUES
    ('01a206b9-a740-7bb4-90a5-afb7fe00f3a4', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'eve@example.org', 'eve@example.org', 'Grace Hopper', '378b4209a44d30012becd4a9e33a267a64d921145f0b8e98253dc4391f284b50', 1795409160000000, 1796013960000000, '01a206b9-a740-7233-becc-bb70817e8cc2', NULL);
INSERT INTO password_link (member_id, token_hash, made_by, created_at, expires_at) VALUES
    ('01a206b9-a740-757e-bf33-4fae342256e5', '894a4304e91896c2b866499ac32ffb0084f8457860eb20fdab712fef616f6222', NULL, 1795409160000000, 1795495560000000);
INSERT INTO bundle (id, account_id, name, services, enabled, expires_at, quota, is_trial, used) VALUES
    ('01a206b9-a740-7f99-91d7-17e2a028f1b7', '01a206b9-a740-7304-93dc-e49aef3a02f9', 'default', '*', 1, NULL, NULL, 0, 0);
