// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.Arrays;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.VariableName;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.FirmwareInfo;
import org.xenolith.xen.abi.PlatformFirmwareInfo;
import org.xenolith.xen.abi.XenErrno;

/**
 * XENPF_firmware_info (public header {@code platform.h}): what EFI firmware tells of itself, of which Linux on x86 makes its EFI structures.
 * The other types of it are a PC BIOS's.
 */
final class FirmwareInformation implements SubOperation.Handler<PlatformFirmwareInfo> {
  private final DescribedFirmware firmware;
  private final boolean callable;

  /** @param callable whether Dom0 may call the firmware */
  FirmwareInformation(DescribedFirmware firmware, boolean callable) {
    this.firmware = firmware;
    this.callable = callable;
  }

  @Override
  public long serve(Hypercall call, PlatformFirmwareInfo info, Domain caller) {
    if (info.type() != FirmwareInfo.XEN_FW_EFI_INFO) {
      return -XenErrno.XEN_EINVAL;
    }
    FirmwareDescription told = firmware.description();
    return told == null ? -XenErrno.XEN_ENOSYS : switch (info.index()) {
      case FirmwareInfo.XEN_FW_EFI_VERSION -> version(info, told.revision());
      case FirmwareInfo.XEN_FW_EFI_CONFIG_TABLE -> tables(info, told);
      case FirmwareInfo.XEN_FW_EFI_VENDOR -> vendor(call, info, told);
      case FirmwareInfo.XEN_FW_EFI_MEM_INFO -> memory(info, told);
      case FirmwareInfo.XEN_FW_EFI_RT_VERSION -> callable && told.runtimeRevision() != 0 ? version(info, told.runtimeRevision())
          : -XenErrno.XEN_EOPNOTSUPP;
      // no option ROM was copied when the firmware started, and no board is Apple's
      case FirmwareInfo.XEN_FW_EFI_PCI_ROM -> -XenErrno.XEN_ESRCH;
      case FirmwareInfo.XEN_FW_EFI_APPLE_PROPERTIES -> -XenErrno.XEN_ENODATA;
      default -> -XenErrno.XEN_EINVAL;
    };
  }

  private static long version(PlatformFirmwareInfo info, int revision) {
    info.version(revision);
    return 0;
  }

  private static long tables(PlatformFirmwareInfo info, FirmwareDescription told) {
    info.cfgAddr(told.tables());
    info.cfgNent(told.tableCount());
    return 0;
  }

  /** As much of the name as there is room for; the NUL only if there is room for it, too. */
  private static long vendor(Hypercall call, PlatformFirmwareInfo info, FirmwareDescription told) {
    byte[] name = new VariableName(told.vendor(), EfiGuid.GLOBAL_VARIABLE).toBytes();
    long room = Integer.toUnsignedLong(info.vendorBufsz()) & -Character.BYTES;
    info.vendorRevision(told.vendorRevision());
    byte[] part = Arrays.copyOf(name, (int) Math.min(name.length, room));
    return call.write(info.vendorName(), part, 0, part.length) ? 0 : -XenErrno.XEN_EFAULT;
  }

  /** The kind of an address; the size is cut at the end of its range. */
  private static long memory(PlatformFirmwareInfo info, FirmwareDescription told) {
    long address = info.memAddr();
    FirmwareMemory range = told.memory().stream().filter(m -> m.contains(address)).findFirst().orElse(null);
    if (range == null) {
      return -XenErrno.XEN_ESRCH;
    }
    long room = range.size() - (address - range.base());
    if (Long.compareUnsigned(info.memSize(), room) > 0) {
      info.memSize(room);
    }
    info.memAttr(range.attributes());
    info.memType(range.type());
    return 0;
  }
}
