<?php

declare(strict_types=1);

// Loads the library without Composer: require 'path/to/sdk/init.php';
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, strlen('NoKYCNumber\\'))) . '.php';
    if (str_starts_with($class, 'NoKYCNumber\\') && is_file($file)) {
        require $file;
    }
});
