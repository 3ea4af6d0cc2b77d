// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.pages.Links;

/** The pages that the build makes of the bundles' READMEs lead somewhere, and git doesn't have them. */
class ReferencePagesTest {

  @Test
  void everyLinkOfThePagesLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Map.Entry<String, String> page : ReferencePages.texts(Checkout.root()).entrySet()) {
      Path file = Checkout.root().resolve(ReferencePages.FOLDER).resolve(page.getKey());
      broken.addAll(Links.broken(Checkout.root(), file, page.getValue()));
    }
    assertEquals("", String.join("\n", broken));
  }

  @Test
  void eachBundleIsOnThePageOfBundles() throws IOException {
    String page = ReferencePages.texts(Checkout.root()).get(BundlesPage.PAGE);
    for (Path folder : Checkout.bundleFolders()) {
      assertTrue(page.contains("(../../bundles/" + folder.getFileName() + "/README.md)"), folder::toString);
    }
  }

  /** Who reads in a fresh clone is told by pages in git how to make them, and where else it is written. */
  @Test
  void thePageInGitNamesEach() throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/reference/README.md"));
    for (String name : ReferencePages.texts(Checkout.root()).keySet()) {
      assertTrue(page.contains("`" + ReferencePages.FOLDER + "/" + name + "`"), name);
    }
  }
}
