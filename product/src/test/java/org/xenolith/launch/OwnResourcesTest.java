// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnResourcesTest {
  private static final String NAME = "plugin with a blank.properties";

  @TempDir
  Path folder;

  private OwnResources of(String name) throws Exception {
    Home home = new Home(folder);
    Files.createDirectories(home.plugins());
    new MadeBundle(name).entry(NAME, name.getBytes(StandardCharsets.UTF_8)).into(home);
    return new OwnResources(home.plugins().resolve(name + ".jar"));
  }

  @Test
  void eachBundleSeesItsOwn() throws Exception {
    for (String name : new String[] {"one", "other"}) {
      OwnResources resources = of(name);
      try (InputStream content = resources.getResourceAsStream(NAME)) {
        assertEquals(name, new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
      assertEquals(1, Collections.list(resources.getResources(NAME)).size());
      assertNull(resources.getResource("nothing"));
      assertEquals(0, Collections.list(resources.getResources("nothing")).size());
    }
  }

  @Test
  void classesAreTheClassPaths() throws Exception {
    assertSame(EchoActivator.class, of("one").loadClass(EchoActivator.class.getName()));
  }
}
