// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductFolderTest {
  @TempDir
  Path folder;

  @Test
  void thePropertyIsAskedBeforeTheVariable() throws Exception {
    Files.createDirectories(folder.resolve("a/plugins"));
    Files.createDirectories(folder.resolve("b/plugins"));
    Map<String, String> variable = Map.of("XENOLITH_HOME", folder.resolve("b").toString());
    assertEquals(folder.resolve("a"), ProductFolder.of(folder.resolve("a").toString(), variable).folder());
    assertEquals(folder.resolve("b"), ProductFolder.of(null, variable).folder());
  }

  @Test
  void aCheckoutHasItWhereItWasBuilt() throws Exception {
    Path built = Files.createDirectories(folder.resolve("product/target/xenolith/plugins")).getParent();
    ProductFolder product = ProductFolder.of(folder.toString(), Map.of());
    assertEquals(built, product.folder());
    Path recording = folder.resolve("A.b.journal");
    assertEquals(built + "/bin/xenolith open " + recording, product.opens(recording));
    Files.createFile(folder.resolve("xenolith")).toFile().setExecutable(true);
    assertEquals(folder + "/xenolith open " + recording, product.opens(recording));
    assertEquals(folder + "/xenolith open '" + folder + "/A b.journal'", product.opens(folder.resolve("A b.journal")));
  }

  @Test
  void whoNamesNoneOrAWrongOneIsToldWhatToDo() {
    String none = assertThrows(IllegalStateException.class, () -> ProductFolder.of(null, Map.of())).getMessage();
    assertTrue(none.contains("-Dxenolith.home=FOLDER") && none.contains("XENOLITH_HOME=FOLDER"), none);
    String wrong = assertThrows(IllegalStateException.class, () -> ProductFolder.of(null, Map.of("XENOLITH_HOME", folder.toString())))
        .getMessage();
    assertTrue(wrong.startsWith("XENOLITH_HOME=" + folder + ": no Xenolith is there") && wrong.contains("./xenolith build"), wrong);
  }

  @Test
  void bundlesAreInNameOrderSoThatTheirNumbersAreTheSameInEachRun() throws Exception {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    for (String name : new String[] {"b.jar", "a.jar", "notes.txt"}) {
      Files.createFile(plugins.resolve(name));
    }
    assertEquals("[" + plugins.resolve("a.jar") + ", " + plugins.resolve("b.jar") + "]", new ProductFolder(folder).jars().toString());
  }
}
