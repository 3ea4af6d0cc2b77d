// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build-model} looks for a JDK as {@code ./xenolith} does, and says what it can't do without. */
class BuildModelTest {
  @TempDir
  Path folder;

  @BeforeEach
  void anOlderJdk() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("jdk-17/bin"));
    Files.writeString(folder.resolve("jdk-17/release"), "JAVA_VERSION=\"17.0.1\"\n");
    for (String tool : new String[] {"java", "javac"}) {
      Files.writeString(tools.resolve(tool), "#!/bin/sh\necho older >&2\nexit 77\n");
      Files.setPosixFilePermissions(tools.resolve(tool), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createDirectories(folder.resolve("model"));
  }

  private int build(Map<String, String> variables) throws Exception {
    ProcessBuilder sdk = new ProcessBuilder("bash", "-c", "\"$0\" sdk >&2 && exec \"${0%/*}/dist/sdk/build-model\" model model.jar",
        GuideRun.root()
            .resolve("xenolith").toString()).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("said.txt")
                .toFile());
    sdk.environment().put("XENOLITH_NO_BUILD", "1");
    sdk.environment().keySet().removeAll(List.of("JAVA_HOME", "XENOLITH_JAVA_HOME"));
    sdk.environment().putAll(variables);
    return sdk.start().waitFor();
  }

  @Test
  void anOlderJdkInJavaHomeIsPassedOver() throws Exception {
    String older = folder.resolve("jdk-17").toString();
    assertEquals(2, build(Map.of("JAVA_HOME", older, "PATH", older + "/bin:" + System.getProperty("java.home") + "/bin:" + System.getenv(
        "PATH"))), said());
    assertTrue(said().contains("model has no pde.bnd"), said());
  }

  private String said() throws Exception {
    return Files.readString(folder.resolve("said.txt"));
  }
}
