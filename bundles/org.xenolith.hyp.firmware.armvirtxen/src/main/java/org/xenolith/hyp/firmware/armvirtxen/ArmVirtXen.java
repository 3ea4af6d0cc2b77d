// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.firmware.armvirtxen;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.DomainFirmwareKind;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * edk2's UEFI for guests of Xen on Arm (edk2, {@code ArmVirtPkg/ArmVirtXen.dsc}). Debian has no package of it; {@code releng/test-edk2}
 * builds it from Debian's source of edk2 and leaves it in the cache.
 */
@Component
public final class ArmVirtXen implements DomainFirmwareKind {
  /** What the script calls its folder in the cache, and the build its output. */
  private static final String FILE = "test-edk2/XEN_EFI.fd";
  /** It copies the tree between its header and its code, which begins at 8 KiB, and doesn't look whether there is room. */
  private static final int MOST_TREE = 0x2000 - 0x40;

  private final Map<String, String> environment;

  /** As a component. */
  @Activate
  public ArmVirtXen() {
    this(System.getenv());
  }

  /** @param environment of the process */
  ArmVirtXen(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "armvirtxen";
  }

  @Override
  public String description() {
    return "edk2's UEFI for guests of Xen";
  }

  @Override
  public Path file() {
    Path file = cache().resolve(FILE);
    if (!Files.isReadable(file)) {
      throw new HypervisorException(-XenErrno.XEN_ENOENT, "firmware armvirtxen: edk2's ArmVirtXen is not in the cache (" + file
          + "); releng/test-edk2 builds it there, once, in about three minutes. Or name the file of a build of yours, XEN_EFI.fd");
    }
    return file;
  }

  @Override
  public int mostTree() {
    return MOST_TREE;
  }

  /** {@code $XENOLITH_CACHE}, else {@code $XDG_CACHE_HOME/xenolith}, else {@code ~/.cache/xenolith}. */
  private Path cache() {
    String own = environment.getOrDefault("XENOLITH_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = user.startsWith("/") ? Path.of(user) : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("xenolith").toAbsolutePath().normalize();
  }
}
