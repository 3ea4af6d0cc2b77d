// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.ConvertedImages;

@FullLane
class QemuVmdkTest {
  @TempDir
  private Path folder;

  @Test
  void whatQemuMakesReadsAsItConvertsIt() throws IOException, InterruptedException {
    Path raw = ConvertedImages.scattered(folder.resolve("raw"), 37 << 20, 1);
    for (String options : new String[] {"subformat=monolithicSparse", "subformat=streamOptimized", "subformat=monolithicFlat",
        "subformat=twoGbMaxExtentSparse", "subformat=twoGbMaxExtentFlat", "subformat=monolithicSparse,zeroed_grain=on"}) {
      Path image = ConvertedImages.made(raw, folder.resolve(options + ".vmdk"), "-O", "vmdk", "-o", options);
      ConvertedImages.assertEqual(new VmdkComponent(), image, "vmdk");
    }
  }
}
