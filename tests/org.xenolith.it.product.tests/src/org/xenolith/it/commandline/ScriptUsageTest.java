// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** The launcher script's own commands, used wrongly: nothing is begun that would have to be undone. */
class ScriptUsageTest {
  @TempDir
  private Path work;

  /** Should a refusal be missing, this stops the command before it does anything. */
  private Map<String, String> harmless() {
    return Map.of("XENOLITH_JAVA_HOME", work.resolve("none").toString());
  }

  @Test
  void testsAreChosenWithOptionsOfMaven() throws InterruptedException {
    Map<String, String> wrong = Map.of("nosuch", "test: what is 'nosuch'\\? Tests are chosen with Maven's options", "--ful",
        "test: '--ful' is no option of it, nor one of Maven", "-pl", "test: -pl needs a value");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Product.run(harmless(), "test", each.getKey()).expect(2).errHas(each.getValue())
          .errHas("Usage: xenolith test \\[--full\\] \\[MAVEN-OPTION \\.\\.\\.\\]");
    }
    Product.run(harmless(), "test", "--full", "-pl", ":org.xenolith.fdt", "-Dtest=A", "-o", "verify").expect(2)
        .errHas("test: what is 'verify'");
    Product.run(harmless(), "test", "--full", "-pl", ":org.xenolith.fdt", "-Dtest=A", "-o").expect(2).errHas("XENOLITH_JAVA_HOME is");
  }

  @Test
  void commandsWithoutArgumentsTakeNone() throws InterruptedException {
    for (String command : List.of("build", "format", "doctor", "sdk", "dist", "costs")) {
      Product.run(harmless(), command, "surplus").expect(2).errHas("xenolith: " + command + " takes no arguments, got 'surplus'")
          .errHas("Usage: xenolith " + command);
    }
  }

  /** Not {@code clean}, which would take away what is tested if it failed here. */
  @Test
  void eachHasItsHelp() throws InterruptedException {
    for (String command : List.of("test", "build", "format", "ide", "doctor", "sdk", "dist", "costs")) {
      assertEquals("", Product.run(harmless(), command, "--help").expect(0).outHas("^Usage: xenolith " + command + "\\b.*\n.").err());
    }
  }

  @Test
  void aJdkOfAnotherVersionIsNotReplacedInSilence() throws InterruptedException, IOException {
    Path jdk = Files.createDirectories(work.resolve("jdk17/bin")).getParent();
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.2\"\n");
    Files.createFile(jdk.resolve("bin/javac")).toFile().setExecutable(true);
    Map<String, String> old = Map.of("XENOLITH_JAVA_HOME", jdk.toString());
    Product.run(old, "models").expect(2).errHas("XENOLITH_JAVA_HOME is '.*jdk17', a JDK 17; a JDK 25 is needed");
    Product.run(old, "doctor").expect(2).outHas("(?m)^missing +JDK 25 +XENOLITH_JAVA_HOME is .* a JDK 17");
    Product.run(harmless(), "models").expect(2).errHas("XENOLITH_JAVA_HOME is '.*none', which is no JDK");
  }
}
