// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Ivrs;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.kit.ApicNodes;
import org.xenolith.firmware.kit.UnityRange;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/** IVRS: AMD's IOMMUs, which functions are behind each by {@code iommu-map}, and which I/O APICs by {@code iommus} (AMD 48882, 5.2). */
@Component(service = AcpiTableBuilder.class)
public final class IvrsBuilder implements AcpiTableBuilder {
  private static final String IOMMU = "xenolith,amd-iommu";
  private static final String REGISTERS = "amd,registers";
  private static final int REVISION = 1;
  /** 48 bits of physical addresses (14:8), 64 of virtual ones (21:15). */
  private static final long ADDRESS_SIZES = 48 << 8 | 64 << 15;
  /** The first capability of a function is its IOMMU's. */
  private static final long CAPABILITY = 0x40;
  /** PrefSup and Coherent. */
  private static final long FLAGS = 1 << 6 | 1 << 5;
  private static final long UNITY = 1;
  private static final long READ = 1 << 1;
  private static final long WRITE = 1 << 2;
  private static final int SELECT = 2;
  private static final int START_OF_RANGE = 3;
  private static final int END_OF_RANGE = 4;
  private static final int SPECIAL = 0x48;
  private static final int IO_APIC = 1;

  @Override
  public String signature() {
    return Ivrs.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    List<PlatformNode> iommus = machine.platform().nodes().stream().filter(node -> node.enabled() && node.isCompatible(IOMMU)).toList();
    if (iommus.isEmpty()) {
      return Optional.empty();
    }
    StructureBuilder ivrs = AcpiTable.header(Ivrs.LAYOUT, REVISION, machine.identity()).set(Ivrs.Field.IV_INFO, ADDRESS_SIZES);
    iommus.forEach(node -> ivrs.add(hardware(machine, node)));
    iommus.forEach(node -> UnityRange.of(node).forEach(range -> ivrs.add(memory(range))));
    return Optional.of(AcpiTable.of(ivrs));
  }

  private static StructureBuilder memory(UnityRange range) {
    boolean one = range.firstDevice() == range.lastDevice();
    return StructureBuilder.of(one ? Ivrs.MEMORY_OF_DEVICE : Ivrs.MEMORY_OF_DEVICES)
        .set(Ivrs.Memory.FLAGS, range.writable() ? UNITY | READ | WRITE : UNITY | READ).set(Ivrs.Memory.DEVICE_ID, range.firstDevice())
        .set(Ivrs.Memory.AUXILIARY, one ? 0 : range.lastDevice()).set(Ivrs.Memory.START_ADDRESS, range.base())
        .set(Ivrs.Memory.BLOCK_LENGTH, range.size());
  }

  private static StructureBuilder hardware(AcpiMachine machine, PlatformNode node) {
    FdtProperty registers = node.property(REGISTERS).filter(each -> each.length() == 16).orElseThrow(() -> new PlatformException(node.path()
        + ": " + REGISTERS + ": expected an address and a size of 64 bits each"));
    FdtProperty place = node.property("reg").orElseThrow(() -> new PlatformException(node.path() + ": it has no reg; give it its place"));
    AcpiBridge above = machine.bridges().stream().filter(bridge -> bridge.node().path().equals(node.parent())).findFirst().orElseThrow(
        () -> new PlatformException(node.path() + ": an IOMMU is a function of a host bridge's root bus; put it there"));
    machine.told(node);
    return StructureBuilder.of(Ivrs.HARDWARE).set(Ivrs.Hardware.FLAGS, FLAGS)
        .set(Ivrs.Hardware.DEVICE_ID, above.configuration().firstBus() << 8 | place.cell(0) >>> 8 & 0xFF)
        .set(Ivrs.Hardware.CAPABILITY_OFFSET, CAPABILITY).set(Ivrs.Hardware.BASE_ADDRESS, registers.number(0, 2))
        .set(Ivrs.Hardware.PCI_SEGMENT, above.segment()).add(Ivrs.DEVICES, behind(machine, node));
  }

  private static byte[] behind(AcpiMachine machine, PlatformNode iommu) {
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    for (AcpiBridge bridge : machine.bridges()) {
      for (RequesterRange range : RequesterRange.of(machine, bridge.node(), RequesterRange.STREAMS)) {
        if (!range.at().path().equals(iommu.path())) {
          continue;
        }
        if (range.first() != range.id()) {
          machine.untold(bridge.node(), "requesters from 0x" + Long.toHexString(range.first()) + " on have other ids at " + iommu.path()
              + ", which the IVRS isn't made for here", "give them the ids that they have on their bus");
        } else if (range.count() == 1) {
          entry(entries, SELECT, range.first());
        } else {
          entry(entries, START_OF_RANGE, range.first());
          entry(entries, END_OF_RANGE, range.first() + range.count() - 1);
        }
      }
    }
    List<PlatformNode> controllers = ApicNodes.io(machine.platform());
    for (int id = 0; id < controllers.size(); id++) {
      RequesterId at = RequesterId.stream(machine.platform(), controllers.get(id), 0).orElse(null);
      if (at != null && at.at().path().equals(iommu.path())) {
        entry(entries, SPECIAL, 0);
        entries.write(id);
        entries.write((int) at.id());
        entries.write((int) (at.id() >>> 8));
        entries.write(IO_APIC);
      }
    }
    return entries.toByteArray();
  }

  /** With data 0: no interrupt passes that isn't remapped or meant to. */
  private static void entry(ByteArrayOutputStream to, int type, long device) {
    to.write(type);
    to.write((int) device);
    to.write((int) (device >>> 8));
    to.write(0);
  }
}
