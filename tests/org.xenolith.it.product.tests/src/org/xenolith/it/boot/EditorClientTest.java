// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** The public test client of the Debug Adapter Protocol, Microsoft's for adapters of VS Code, attaches to machines, steps both ways, and stops at breakpoints. */
class EditorClientTest {
  @TempDir
  Path folder;

  @FullLane
  @Test
  void thePublicClientGoesThroughAnArmMachine() throws Exception {
    Outcome outcome = session("virt", "--guest", "tiny");
    outcome.outHas("(?m)^threads CPU 0: EL1$").outHas("(?m)^exited 0$");
  }

  @FullLane
  @Test
  void thePublicClientGoesThroughAPc() throws Exception {
    session("pc-pvh", "--limit", "0.01").outHas("(?m)^threads CPU 0: ");
  }

  private Outcome session(Object... machine) throws Exception {
    Outcome modules;
    try (Program fetch = Program.start(new ProcessBuilder(Product.root().resolve("releng/dap-client").toString()))) {
      modules = fetch.await(Product.LONG).expect(0);
    }
    Path session = folder.resolve("session.js");
    try (InputStream text = EditorClientTest.class.getResourceAsStream("dap-session.txt")) {
      Files.copy(text, session);
    }
    Object[] arguments = new Object[machine.length + 3];
    arguments[0] = "boot";
    System.arraycopy(machine, 0, arguments, 1, machine.length);
    arguments[machine.length + 1] = "--dap=0,halted";
    arguments[machine.length + 2] = "--history=64";
    try (Program run = Product.start(arguments)) {
      String port = run.awaitError("\"debugServer\": ([0-9]+)", Product.LONG).group(1);
      ProcessBuilder node = new ProcessBuilder(TestTools.find("node").toString(), session.toString(), port);
      node.environment().put("NODE_PATH", modules.out().strip());
      try (Program client = Program.start(node)) {
        Outcome outcome = client.await(Product.LONG).expect(0);
        assertTrue(outcome.out().endsWith("done\n"), outcome::toString);
        System.out.println(outcome.out());
        return outcome;
      }
    }
  }
}
