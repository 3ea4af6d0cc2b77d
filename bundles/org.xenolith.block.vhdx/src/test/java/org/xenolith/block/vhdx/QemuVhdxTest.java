// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.block.ConvertedImages;

@FullLane
class QemuVhdxTest {
  @TempDir
  private Path folder;

  @Test
  void whatQemuMakesReadsAsItConvertsIt() throws IOException, InterruptedException {
    Path raw = ConvertedImages.scattered(folder.resolve("raw"), 37 << 20, 1);
    for (String options : new String[] {"subformat=dynamic", "subformat=fixed", "subformat=dynamic,block_size=1M",
        "subformat=dynamic,block_size=16M"}) {
      Path image = ConvertedImages.made(raw, folder.resolve(options + ".vhdx"), "-O", "vhdx", "-o", options);
      ConvertedImages.assertEqual(new VhdxComponent(), image, "vhdx");
    }
  }
}
