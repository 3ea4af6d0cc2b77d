// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.boot.api.BootException;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.pvh.codec.BzImage;
import org.xenolith.pvh.codec.PvhFault;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.kit.PageBuffer;
import org.xenolith.pvh.kit.PvhUnpacker;

/** The kernel that a domain's image has: a bzImage, or a vmlinux or other ELF file with a PVH entry. */
public final class ImageKernel {
  private ImageKernel() {}

  /** Why a domain can't be started from an image's kernel, as far as its first bytes say; empty if it may be. */
  public static Optional<String> refusal(DomainImage image) {
    return BzImage.recognises(image.kernel()) || PvhKernel.isElf(image.kernel()) ? Optional.empty()
        : Optional.of("the kernel is neither a bzImage nor an ELF file");
  }

  /**
   * Unpacks an image's kernel for as long as it is used.
   *
   * @param then does with it what is to be done; its bytes are gone afterwards
   * @throws IllegalArgumentException if it is damaged, has no PVH entry, or is larger than the domain's memory
   */
  public static void use(DomainImage image, Consumer<PvhKernel> then) {
    PageBuffer unpacked = new PageBuffer();
    try {
      byte[] file = image.kernel();
      then.accept(BzImage.recognises(file) ? PvhKernel.parse(PvhUnpacker.unpack(BzImage.parse(file), image.memory(), unpacked))
          : PvhKernel.parse(file));
    } catch (PvhFault | BootException e) {
      throw new IllegalArgumentException(e.getMessage());
    } finally {
      unpacked.release();
    }
  }
}
