<?php
// Creates an empty blog and prints an application password for its one user.
define('WP_INSTALLING', true);
require getenv('SITE_ROOT') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

$made = wp_install('Acme Blog', 'admin', 'admin@acme.test', true, '', wp_generate_password());
foreach (['post', 'page'] as $kind) {
    foreach (get_posts(['post_type' => $kind, 'numberposts' => -1]) as $sample) {
        wp_delete_post($sample->ID, true);
    }
}
foreach (['comment_moderation', 'comment_previously_approved', 'rss_use_excerpt'] as $off) {
    update_option($off, 0);
}
[$password] = WP_Application_Passwords::create_new_application_password(
    $made['user_id'],
    ['name' => 'crisisroom tests']
);
echo $password;
