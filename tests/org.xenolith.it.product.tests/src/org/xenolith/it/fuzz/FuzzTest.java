package org.xenolith.it.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Outcome;
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

    @Test
    void functionsThatAGuestWasGivenTouchNothingOutsideIt() throws Exception {
        attack("pci");
    }

    /** A byte of Dom0's changes on purpose: the fuzzer stops, and the file that it names repeats it. */
    @Test
    void aByteThatChangesElsewhereIsAFinding() throws Exception {
        Map<String, String> sabotage = Map.of("XENOLITH_JAVA_OPTS", "-Dxenolith.fuzz.sabotage=true");
        Outcome found = Product.run(sabotage, "fuzz", "--fresh", "--minutes", "1", "store").expect(1)
                .errHas("(?m)byte [0-9a-f]+ of the hypervisor changed from 00 to 01$").errHas("store: something was found");
        Matcher command = Pattern.compile("repeat it with: ./xenolith (fuzz --input (\\S+) store)").matcher(found.err());
        assertTrue(command.find(), found::toString);
        try {
            Product.run(sabotage, (Object[]) command.group(1).split(" ")).expect(1).outHas("of the hypervisor changed from 00 to 01");
            Product.run((Object[]) command.group(1).split(" ")).expect(0).outHas("nothing found");
        } finally {
            Files.delete(Path.of(command.group(2)));
        }
    }

    @Test
    void whatTheFuzzerDoesNotKnowIsRefused() throws Exception {
        Product.run("fuzz", "nonsense").expect(2).errHas("'nonsense'.*entries are: hypercalls traps store rings pci");
        Product.run("fuzz", "--minutes", "long").expect(2).errHas("--minutes: expected a number, got 'long'");
        Product.run("fuzz", "--input", "no-such-file", "store").expect(2).errHas("can be read, got 'no-such-file'");
    }

    private static void attack(String entry) throws InterruptedException {
        Product.run("fuzz", "--fresh", "--minutes", QUARTER_OF_A_MINUTE, entry).expect(0)
                .outHas("(?m)^" + entry + ": [1-9][0-9]* executions, coverage [1-9][0-9]{2,}");
    }
}
