// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.InstalledCpus;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.MachineEnvironment;

/** Makes x86-64 CPUs. The node's {@code reg} is the initial APIC id (devicetree binding {@code x86/ce4100}: cpu nodes). */
@Component(service = ProcessorFactory.class, property = {"xenolith.compatible=xenolith,x86-64", "xenolith.compatible=intel,ce4100"})
public final class ProcessorComponent implements ProcessorFactory {
  private static final int MOST = 254;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<CpuDescription> cpus = List.of();

  @Override
  public ModelDescription description() {
    return new ModelDescription("x86-64", "An x86-64 CPU with SSE4.2, AES and XSAVE, without AVX.", "Intel SDM",
        List.of(InstalledCpus.OPTION, new Option("virtualization", Type.BOOLEAN, "false",
            "whether a hypervisor in Java may be under it, which may always be",
            false)));
  }

  @Override
  public String standard() {
    return CpuModel.BASELINE.name();
  }

  @Override
  public Processor create(ProcessorContext context) {
    CpuModel model = new InstalledCpus(cpus).asked(context.node(), context.options(), CpuModel.INSTRUCTIONS).map(CpuModel::of).orElse(
        CpuModel.BASELINE);
    return new Core(context.index(), apicId(context.node()), model, new MachineEnvironment(context));
  }

  /** @throws ModelException if the node's {@code reg} is no APIC id of 8 bits that isn't the broadcast's */
  static int apicId(PlatformNode node) {
    int[] cells;
    try {
      cells = node.property("reg").map(FdtProperty::cells).orElse(new int[0]);
    } catch (FdtException e) {
      throw new ModelException(node.path() + ": " + e.getMessage());
    }
    if (cells.length != 1 || cells[0] < 0 || cells[0] > MOST) {
      String got = cells.length == 1 ? Integer.toUnsignedString(cells[0]) : cells.length + " cells";
      throw new ModelException(node.path() + ": reg: expected one cell with the CPU's APIC id, 0 to " + MOST + ", got " + got);
    }
    return cells[0];
  }
}
