package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;

/** Debian's Xen for arm64, as {@code releng/test-xen} gives it. */
public final class XenHypervisor {
    private static Path fetched;

    private XenHypervisor() {}

    /** The hypervisor's file; a hypervisor that can't be had is a failure. */
    public static synchronized Path fetched() throws InterruptedException {
        if (fetched == null) {
            ProcessBuilder script = new ProcessBuilder(Product.root().resolve("releng/test-xen").toString());
            try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
                fetched = Path.of(program.await(Duration.ofMinutes(10)).expect(0).out().strip());
            }
        }
        return fetched;
    }
}
