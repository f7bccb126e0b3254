<?php

declare(strict_types=1);

require __DIR__ . '/../init.php';

// What Debian has of them; Psr18TransportTest is skipped elsewhere.
foreach (['Psr/Log', 'Psr/Http/Client', 'GuzzleHttp'] as $library) {
    if (is_file("/usr/share/php/$library/autoload.php")) {
        require_once "/usr/share/php/$library/autoload.php";
    }
}
