// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** The commands of the guide to ACPI, one after another. */
class AcpiGuideTest {
  @TempDir
  private Path work;

  @Test
  void theGuidesCommandsWork() throws Exception {
    Matcher fences = Pattern.compile("(?ms)^```sh\\n(.*?)^```").matcher(Files.readString(Product.root().resolve("docs/guides/acpi.md")));
    int commands = 0;
    while (fences.find()) {
      for (String line : fences.group(1).lines().toList()) {
        Product.guide(line.replace("target/", work + "/")).expect(0);
        commands++;
      }
    }
    assertEquals(7, commands);
  }

  @Test
  void aTableThatIsCutIsNamedWithFileAndOffset() throws Exception {
    Path cut = Files.write(work.resolve("apic.dat"), new byte[] {'A', 'P', 'I', 'C', 100, 0, 0, 0, 5, 0});
    Product.run("topology", "import", "--acpi", cut, work.resolve("out.platform")).expect(2).errHas("apic.dat: APIC, offset 0x.*; ");
  }
}
