// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetLocationTest {

  @TempDir
  Path folder;

  private Path target;

  @BeforeEach
  void writeTarget() throws IOException {
    target = Files.writeString(folder.resolve("x.target"), """
                <target><locations>
                 <location label="runtime"><dependencies>
                  <dependency><groupId>a.b</groupId><artifactId>c</artifactId><version> 1.2 </version></dependency>
                 </dependencies></location>
                 <location label="build"><dependencies>
                  <dependency><groupId>d</groupId><artifactId>e</artifactId><version>3</version></dependency>
                 </dependencies></location>
                </locations></target>
                """);
  }

  @Test
  void onlyTheNamedLocationCounts() throws IOException {
    assertEquals(List.of(new TargetLocation.Jar("a.b", "c", "1.2")), TargetLocation.read(target, "runtime"));
  }

  @Test
  void jarLiesWhereMavenPutsIt() {
    assertEquals(Path.of("repo/a/b/c/1.2/c-1.2.jar"), new TargetLocation.Jar("a.b", "c", "1.2").in(Path.of("repo")));
  }

  @Test
  void unknownLocationIsNamedInTheError() {
    var error = assertThrows(IOException.class, () -> TargetLocation.read(target, "workbench"));
    assertEquals(target + ": no location is labelled workbench", error.getMessage());
  }
}
