// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.FdtReader;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;

/** Device tree source goes out and in; the devicetree compiler is the judge. */
class TopologySourceTest {
  @TempDir
  private Path work;

  @Test
  void sourceOfABoardIsCompiledToTheSameTree() throws Exception {
    Path blob = work.resolve("virt.dtb");
    Path source = work.resolve("virt.dts");
    Product.run("topology", "export", "virt", blob).expect(0);
    String printed = Product.run("topology", "export", "virt", "--dts").expect(0).out();
    Product.run("topology", "export", blob, source).expect(0);
    assertEquals(printed, Files.readString(source));
    Path compiled = work.resolve("compiled.dtb");
    TestTools.run("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", compiled, source).expect(0);
    assertEquals(FdtReader.read(Files.readAllBytes(blob)), FdtReader.read(Files.readAllBytes(compiled)));
  }

  @Test
  void aGuestBootsOnASourceWithANodeLaidOverIt() throws Exception {
    Path source = work.resolve("virt.dts");
    Product.run("topology", "export", "virt", source).expect(0);
    Path node = Files.writeString(work.resolve("more.dtsi"),
        "/ { clock: my-clock { compatible = \"fixed-clock\"; }; gone@f000000 { compatible = \"x,y\"; reg = <0 0xf000000 0 0x1000>; };\n};\n");
    Product.run("boot", source, "--node", node, "--guest", "tiny").expect(0).outHas("XENOLITH-DONE").errHas(
        "1 nodes without a model are disabled");
    Files.writeString(node, "/ {\n  a = <&nobody>;\n};\n");
    Product.run("boot", source, "--node", node, "--guest", "tiny").expect(2).errHas(
        "more.dtsi, line 2: there is no node with the label 'nobody'");
    Files.writeString(source, "/dts-v1/;\n#include <dt-bindings/gpio/gpio.h>\n/ {};\n");
    Product.run("boot", source, "--guest", "tiny").expect(2).errHas("virt.dts, line 2: a line for the C preprocessor");
  }
}
