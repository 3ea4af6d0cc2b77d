// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.ConvertedImages;

@FullLane
class QemuVhdTest {
  @TempDir
  private Path folder;

  @Test
  void whatQemuMakesReadsAsItConvertsIt() throws IOException, InterruptedException {
    Path raw = ConvertedImages.scattered(folder.resolve("raw"), 9 << 20, 1);
    for (String options : new String[] {"subformat=dynamic", "subformat=fixed", "subformat=dynamic,force_size=on",
        "subformat=fixed,force_size=on"}) {
      Path image = ConvertedImages.made(raw, folder.resolve(options + ".vhd"), "-O", "vpc", "-o", options);
      ConvertedImages.assertEqual(new VhdComponent(), image, "vpc");
    }
  }
}
