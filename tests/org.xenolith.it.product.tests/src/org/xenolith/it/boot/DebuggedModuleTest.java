// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LinuxHeaders;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** A module that is built here for Debian's cloud kernel, debugged from the first line of its driver's probe on. */
@FullLane
class DebuggedModuleTest {
  private static final String MODULE = """
      #include <linux/module.h>
      #include <linux/platform_device.h>

      static int answer = 41;

      static int example_probe(struct platform_device *device)
      {
      	answer++;
      	dev_info(&device->dev, "probed: %d\\n", answer);
      	return 0;
      }

      static struct platform_driver driver = {
      	.probe = example_probe,
      	.driver = { .name = "example" },
      };
      static struct platform_device *device;

      static int __init example_init(void)
      {
      	int error = platform_driver_register(&driver);

      	if (error)
      		return error;
      	device = platform_device_register_simple("example", -1, NULL, 0);
      	return PTR_ERR_OR_ZERO(device);
      }
      module_init(example_init);
      MODULE_LICENSE("Dual BSD/GPL");
      """;

  @TempDir
  Path folder;

  @Test
  void gdbStopsInTheProbeOfAModuleWithItsSourceLines() throws Exception {
    Files.writeString(folder.resolve("example.c"), MODULE);
    Files.writeString(folder.resolve("Makefile"), "obj-m := example.o\n");
    TestTools.run("make", "-C", LinuxHeaders.fetched(), "CC=gcc", "M=" + folder, "modules").expect(0);
    Path module = folder.resolve("example.ko");
    try (Program run = Product.start("boot", "pc-pvh", "--guest", "debian-amd64-cloud", "--add-file", "/example.ko=" + module, "--append",
        "xl.run=insmod,/example.ko", "--gdb", "0,halted", "--limit", 60)) {
      String text = Product.run("gdb", "--with", TestTools.find("gdb-multiarch"), ":" + DebuggerSession.port(run), "-nx", "-batch", "-ex",
          "module " + module, "-ex", "break example_probe", "-ex", "continue", "-ex", "next", "-ex", "next", "-ex", "print answer", "-ex",
          "bt 2", "-ex", "kill").expect(0).out();
      for (String shown : new String[] {"Breakpoint 2, example_probe (device=0xffff", "example.c:7\n", "answer++;", "$1 = 42",
          " in platform_probe ()"}) {
        assertTrue(text.contains(shown), shown + " in " + text);
      }
    }
  }
}
