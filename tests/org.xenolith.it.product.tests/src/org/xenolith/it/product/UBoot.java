package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;

/** Debian's U-Boot for QEMU's {@code virt}, as {@code releng/test-uboot} gives it. */
public final class UBoot {
    private static Path fetched;

    private UBoot() {}

    /** The folder with {@code u-boot.bin} and {@code uboot.elf}; a U-Boot that can't be had is a failure. */
    public static synchronized Path fetched() throws InterruptedException {
        if (fetched == null) {
            ProcessBuilder script = new ProcessBuilder(Product.root().resolve("releng/test-uboot").toString());
            try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
                fetched = Path.of(program.await(Duration.ofMinutes(10)).expect(0).out().strip());
            }
        }
        return fetched;
    }
}
