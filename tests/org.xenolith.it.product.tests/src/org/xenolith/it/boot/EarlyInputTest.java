// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.RunReport;
import org.xenolith.testkit.FullLane;

/** Standard input that is there before the guest: it waits, or its loss is told. */
@FullLane
class EarlyInputTest {
  @TempDir
  private Path work;

  @Test
  void inputThatIsThereBeforeTheGuestListensReachesItWhole() throws InterruptedException {
    List<Object> line = List.of("boot", "--guest", "debian", "--stdin", "--limit", 60, "--append", "xl.shell " + Boot.SHORT);
    for (List<Object> under : List.of(List.<Object>of(), List.<Object>of("--hypervisor"))) {
      try (Program boot = Product.startWithInput(Stream.concat(line.stream(), under.stream()).toArray())) {
        boot.type("echo first-$((6*7)) is a line that is longer than the receiver of the UART\npoweroff -f\n");
        boot.closeInput();
        boot.await(Product.LONG).expect(0).outHas("(?m)^first-42 is a line that is longer than the receiver");
      }
    }
  }

  @Test
  void inputThatTheGuestNeverReadsIsTold() throws InterruptedException {
    Path report = work.resolve("report.json");
    Product.shell("printf hello | ./xenolith boot --guest tiny --stdin --report " + report).expect(0)
        .errHas("xenolith: input-lost /pl011@9000000: 5 bytes of input were never read by the guest");
    assertEquals(1, RunReport.read(report).events("input-lost"));
  }
}
