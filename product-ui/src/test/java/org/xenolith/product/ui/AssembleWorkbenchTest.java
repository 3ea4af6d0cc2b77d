// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssembleWorkbenchTest {
  private static final int BUILDS = 30;

  @TempDir
  Path root;

  @BeforeEach
  void makeACheckout() throws IOException {
    write("target-platform/workbench.target", """
                <target><locations><location label="workbench"><dependencies><dependency>
                  <groupId>g</groupId><artifactId>eclipse</artifactId><version>1</version>
                </dependency></dependencies></location></locations></target>
                """);
    jar("repository/g/eclipse/1/eclipse-1.jar");
    write("bundles/org.xenolith.ui.x/META-INF/MANIFEST.MF", "");
    jar("bundles/org.xenolith.ui.x/target/org.xenolith.ui.x-1.0.0-SNAPSHOT.jar");
    jar("product/target/xenolith/plugins/model-0.jar");
    jar("product/target/xenolith/lib/framework.jar");
    jar("product/target/xenolith/lib/launch.jar");
    write("product-ui/jvm.options", "");
    write("product-ui.jar", "start");
  }

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content, StandardCharsets.UTF_8);
  }

  private void jar(String file) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    new JarOutputStream(Files.newOutputStream(path), manifest).close();
  }

  private void assemble(int version) throws Exception {
    Path plugins = root.resolve("product/target/xenolith/plugins");
    Files.move(plugins.resolve("model-" + (version - 1) + ".jar"), plugins.resolve("model-" + version + ".jar"));
    assertEquals(3, AssembleWorkbench.assemble(root, root.resolve("repository"), root.resolve("product-ui.jar"),
        root.resolve("product/workbench"), home -> {}));
  }

  /** What a start does: it goes where the link leads, and reads what the JVM shall have on its class path. */
  private List<String> named() throws IOException {
    Path home = root.resolve("product/workbench").toRealPath();
    Path start = home.resolve("lib/xenolith.jar");
    List<String> names;
    try (JarFile jar = new JarFile(start.toFile())) {
      names = List.of(jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH).split(" "));
    }
    assertEquals(6, names.size(), names::toString);
    for (String name : names) {
      assertTrue(Files.exists(start.resolveSibling(name)), name);
    }
    for (String file : List.of("plugins/org.xenolith.ui.x-1.0.0-SNAPSHOT.jar", "lib/code.list", "jvm.options", "used")) {
      assertTrue(Files.exists(home.resolve(file)), file);
    }
    return names;
  }

  @Test
  void whoStartsDuringABuildFindsEveryJarThatItsClassPathNames() throws Exception {
    assemble(1);
    AtomicReference<Exception> trouble = new AtomicReference<>();
    AtomicInteger starts = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread builder = new Thread(() -> {
      try {
        for (int i = 2; i < BUILDS && !over.get(); i++) {
          assemble(i);
          // who starts is quicker than two builds
          for (int before = starts.get(); starts.get() < before + 2 && !over.get();) {
            Thread.onSpinWait();
          }
        }
      } catch (Exception e) {
        trouble.set(e);
      }
    });
    builder.start();
    try {
      while (builder.isAlive()) {
        named();
        starts.incrementAndGet();
      }
    } finally {
      over.set(true);
      builder.join();
    }
    assertEquals(null, trouble.get());
    assertTrue(named().contains("../plugins/model-" + (BUILDS - 1) + ".jar"));
    assertTrue(Files.isSymbolicLink(root.resolve("product/workbench")));
  }
}
