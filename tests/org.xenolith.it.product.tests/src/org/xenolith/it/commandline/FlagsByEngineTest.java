// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** The launcher script and the JVM's flags: what it calls is a JDK here whose JVM only shows its words. */
class FlagsByEngineTest {
  private static final String CODE = "/machinecode.options";

  @TempDir
  private Path jdk;

  @BeforeEach
  void makeJdk() throws IOException {
    Path bin = Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    for (String tool : new String[] {"javac", "java"}) {
      Files.writeString(bin.resolve(tool), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
      bin.resolve(tool).toFile().setExecutable(true);
    }
  }

  private String words(String host, String... arguments) throws InterruptedException {
    // Bash takes these two for what they say.
    Map<String, String> environment = Map.of("XENOLITH_JAVA_HOME", jdk.toString(), "XENOLITH_NO_BUILD", "1", "XENOLITH_JAVA_OPTS",
        "-Dtheirs=1",
        "HOSTTYPE", host, "OSTYPE", "linux-gnu");
    return Product.run(environment, (Object[]) arguments).expect(0).outHas("^@.*/jvm\\.options\n").out();
  }

  private static void assertFlags(boolean code, String words) {
    assertEquals(code, words.lines().anyMatch(word -> word.endsWith(CODE)), words);
  }

  @Test
  void thoseForMachineCodeAreReadUnlessAnotherEngineIsAskedFor() throws InterruptedException {
    assertFlags(true, words("x86_64", "boot", "--guest", "tiny"));
    assertFlags(true, words("x86_64", "boot", "--engine", "machinecode"));
    assertFlags(true, words("x86_64", "boot", "--engine=machinecode-lockstep"));
    assertFlags(true, words("x86_64", "boot", "--engine"));
    assertFlags(false, words("x86_64", "boot", "--engine", "regions"));
    assertFlags(false, words("x86_64", "boot", "--engine=interpreter", "--guest", "tiny"));
    assertFlags(false, words("aarch64", "boot"));
  }

  @Test
  void thoseOfTheUserComeLastAndHold() throws InterruptedException {
    String words = words("x86_64", "boot");
    assertTrue(words.indexOf("\n-Dtheirs=1\n") > words.indexOf(CODE), words);
  }
}
