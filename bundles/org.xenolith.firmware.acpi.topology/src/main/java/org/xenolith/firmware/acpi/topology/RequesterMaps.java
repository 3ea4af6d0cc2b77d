// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.platform.api.AddressWindow;

/** Which ids requesters have at SMMUs and ITSs, as IORT says it (Arm DEN0049E), in the words of bindings (iommu-map, msi-map). */
final class RequesterMaps {
  private static final int SMMU_BYTES = 0x2_0000;
  private static final long COHACC_OVERRIDE = 1;
  private static final long SINGLE = 1;
  private static final int CELLS = 4;
  private static final int MOST = 4096;

  private final TablesToTree machine;
  private final ControllerNodes controller;
  private final Map<Long, Structure> byOffset = new LinkedHashMap<>();
  private final Map<Integer, Structure> roots = new HashMap<>();
  private final Map<AmlName, Structure> components = new HashMap<>();

  RequesterMaps(TablesToTree machine, ControllerNodes controller) {
    this.machine = machine;
    this.controller = controller;
    machine.tables().find("IORT").ifPresent(iort -> iort.structure().structures().forEach(node -> {
      byOffset.put((long) node.offset(), node);
      if (node.layout() == Iort.ROOT_COMPLEX) {
        roots.putIfAbsent((int) node.get(Iort.RootComplex.PCI_SEGMENT, 0), node);
      } else if (node.layout() == Iort.NAMED_COMPONENT) {
        component(node);
      } else if (node.layout() != Iort.ITS_GROUP && node.layout() != Iort.SMMU_V3) {
        machine.untold(place(node), "a node of type " + (node.bytes()[0] & 0xff) + " isn't understood", "see it with \"acpi dump\"");
      }
    }));
  }

  private static String place(Structure node) {
    return "IORT, offset 0x" + Integer.toHexString(node.offset());
  }

  private void component(Structure node) {
    String name = new String(node.data(Iort.NAME), StandardCharsets.ISO_8859_1);
    int end = name.indexOf('\0');
    try {
      components.put(AmlName.of(end < 0 ? name : name.substring(0, end)), node);
    } catch (IllegalArgumentException e) {
      machine.untold(place(node), "its object name is none", "correct the table");
    }
  }

  /** {@code iommus} of a device. */
  List<FdtProperty> ofDevice(String path) {
    if (components.isEmpty() || path.isEmpty() || path.charAt(0) != '\\') {
      return List.of();
    }
    Structure component = components.get(AmlName.of(path));
    List<Integer> cells = new ArrayList<>();
    for (Structure mapping : component == null ? List.<Structure>of() : component.all(Iort.MAPPING)) {
      Structure to = byOffset.get(mapping.get(Iort.Mapping.OUTPUT_REFERENCE));
      if (to != null && to.layout() == Iort.SMMU_V3 && cells.size() < MOST) {
        cells.add(machine.phandle(place(to)));
        cells.add((int) mapping.get(Iort.Mapping.OUTPUT_BASE));
      }
    }
    return cells.isEmpty() ? List.of() : List.of(cells("iommus", cells));
  }

  /** {@code iommu-map} and {@code msi-map} of the bridge with a segment; or, without a word about it, the one frame of GICv2m. */
  List<FdtProperty> ofBridge(int segment) {
    List<FdtProperty> all = new ArrayList<>();
    List<Integer> streams = new ArrayList<>();
    List<Integer> messages = new ArrayList<>();
    Structure root = roots.get(segment);
    for (Structure mapping : root == null ? List.<Structure>of() : root.all(Iort.MAPPING)) {
      Structure to = byOffset.get(mapping.get(Iort.Mapping.OUTPUT_REFERENCE));
      long first = mapping.get(Iort.Mapping.INPUT_BASE);
      long count = mapping.get(Iort.Mapping.ID_COUNT) + 1;
      long id = mapping.get(Iort.Mapping.OUTPUT_BASE);
      if (to != null && to.layout() == Iort.ITS_GROUP) {
        group(root, to, first, id, count, messages);
      } else if (to != null && to.layout() == Iort.SMMU_V3) {
        row(streams, first, machine.phandle(place(to)), id, count);
        to.all(Iort.MAPPING).forEach(each -> through(to, each, first, id, count, messages));
      } else {
        machine.untold(place(root), "a mapping leads to no SMMUv3 and no ITS group", "write iommu-map into the topology");
      }
    }
    if (!streams.isEmpty()) {
      all.add(cells("iommu-map", streams));
    }
    if (!messages.isEmpty()) {
      all.add(cells("msi-map", messages));
    } else {
      controller.messageFrame().ifPresent(frame -> all.add(FdtProperty.ofCells("msi-parent", frame)));
    }
    return all;
  }

  /** The requesters of a range with ids from {@code id} on at an SMMU that one of its mappings leads on. */
  private void through(Structure smmu, Structure mapping, long first, long id, long count, List<Integer> messages) {
    Structure to = byOffset.get(mapping.get(Iort.Mapping.OUTPUT_REFERENCE));
    if (to == null || to.layout() != Iort.ITS_GROUP || (mapping.get(Iort.Mapping.FLAGS) & SINGLE) != 0) {
      return;
    }
    long from = Math.max(id, mapping.get(Iort.Mapping.INPUT_BASE));
    long end = Math.min(id + count, mapping.get(Iort.Mapping.INPUT_BASE) + mapping.get(Iort.Mapping.ID_COUNT) + 1);
    if (from < end) {
      group(smmu, to, first + from - id, mapping.get(Iort.Mapping.OUTPUT_BASE) + from - mapping.get(Iort.Mapping.INPUT_BASE), end - from,
          messages);
    }
  }

  private void group(Structure from, Structure group, long first, long id, long count, List<Integer> messages) {
    List<Structure> translators = group.all(Iort.ITS_ID);
    OptionalInt its = translators.isEmpty() ? OptionalInt.empty()
        : controller.translator(translators.getFirst().get(Iort.ItsId.GIC_ITS_ID));
    if (its.isEmpty()) {
      machine.untold(place(from), "a mapping leads to an ITS that the MADT doesn't have", "it is left out");
    } else {
      row(messages, first, its.getAsInt(), id, count);
    }
  }

  private void row(List<Integer> rows, long first, int phandle, long id, long count) {
    if (rows.size() / CELLS < MOST) {
      rows.addAll(List.of((int) first, phandle, (int) id, (int) Math.min(count, 0xffff_ffffL)));
    }
  }

  private static FdtProperty cells(String name, List<Integer> cells) {
    return FdtProperty.ofCells(name, cells.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The SMMUs. */
  void smmus(TreeNodes nodes) {
    for (Structure smmu : byOffset.values()) {
      if (smmu.layout() != Iort.SMMU_V3) {
        continue;
      }
      AddressWindow window = new AddressWindow(smmu.get(Iort.SmmuV3.BASE_ADDRESS), SMMU_BYTES);
      List<AcpiInterrupt> interrupts = new ArrayList<>();
      List<String> names = new ArrayList<>();
      Map<String, TableField> fields = new LinkedHashMap<>();
      fields.put("eventq", Iort.SmmuV3.EVENT_GSIV);
      fields.put("priq", Iort.SmmuV3.PRI_GSIV);
      fields.put("cmdq-sync", Iort.SmmuV3.SYNC_GSIV);
      fields.put("gerror", Iort.SmmuV3.GERR_GSIV);
      fields.forEach((name, field) -> {
        if (smmu.get(field, 0) != 0) {
          names.add(name);
          interrupts.add(new AcpiInterrupt(smmu.get(field), true, false));
        }
      });
      List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "arm,smmu-v3"),
          TreeNodes.reg(List.of(window))));
      if (!names.isEmpty()) {
        properties.add(controller.interrupts(interrupts));
        properties.add(FdtProperty.ofStrings("interrupt-names", names.toArray(String[]::new)));
      }
      if ((smmu.get(Iort.SmmuV3.FLAGS, 0) & COHACC_OVERRIDE) != 0) {
        properties.add(FdtProperty.ofFlag("dma-coherent"));
      }
      properties.add(FdtProperty.ofCells("#iommu-cells", 1));
      machine.phandle(place(smmu));
      if (!nodes.add(place(smmu), new FdtNode("iommu@" + Long.toHexString(window.base()), properties, List.of()), List.of(window))) {
        machine.untold(place(smmu), "another SMMU has its address", "correct the table");
      }
    }
  }
}
