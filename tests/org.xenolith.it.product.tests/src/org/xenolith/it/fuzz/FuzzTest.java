package org.xenolith.it.fuzz;

import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Product;

/**
 * A guest attacks the hypervisor, 15 seconds from each side: first the inputs in {@code tests/org.xenolith.fuzz/corpus}, among
 * them what campaigns found, then what a fuzzer with a fixed seed makes of them. A finding names the file that repeats it.
 */
class FuzzTest {
    private static final String QUARTER_OF_A_MINUTE = "0.25";

    @Test
    void hypercallsOfAGuestTouchNothingOutsideIt() throws Exception {
        attack("hypercalls");
    }

    @Test
    void trapsOfAGuestTouchNothingOutsideIt() throws Exception {
        attack("traps");
    }

    @Test
    void messagesToTheStoreTouchNothingOutsideTheGuest() throws Exception {
        attack("store");
    }

    @Test
    void ringsOfDevicesTouchNothingOutsideTheGuest() throws Exception {
        attack("rings");
    }

    private static void attack(String entry) throws InterruptedException {
        Product.run("fuzz", "--fresh", "--minutes", QUARTER_OF_A_MINUTE, entry).expect(0)
                .outHas("(?m)^" + entry + ": [1-9][0-9]* executions, coverage [1-9][0-9]{2,}");
    }
}
