// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.a64.arch.Granule;
import org.xenolith.a64.arch.MachineEnvironment;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.InstalledCpus;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.ProcessorFactory;

/** Makes Arm CPUs: of the 64-bit cores that the devicetree binding {@code arm/cpus} names, and {@code arm,kryo}, which boards' trees have besides. */
@Component(service = ProcessorFactory.class, property = {"xenolith.compatible=arm,armv8",
    "xenolith.compatible=arm,cortex-a34", "xenolith.compatible=arm,cortex-a35", "xenolith.compatible=arm,cortex-a53",
    "xenolith.compatible=arm,cortex-a55", "xenolith.compatible=arm,cortex-a57", "xenolith.compatible=arm,cortex-a65",
    "xenolith.compatible=arm,cortex-a72", "xenolith.compatible=arm,cortex-a73", "xenolith.compatible=arm,cortex-a75",
    "xenolith.compatible=arm,cortex-a76", "xenolith.compatible=arm,cortex-a77", "xenolith.compatible=arm,cortex-a78",
    "xenolith.compatible=arm,cortex-a78ae", "xenolith.compatible=arm,cortex-a78c", "xenolith.compatible=arm,cortex-a510",
    "xenolith.compatible=arm,cortex-a520", "xenolith.compatible=arm,cortex-a710", "xenolith.compatible=arm,cortex-a715",
    "xenolith.compatible=arm,cortex-a720", "xenolith.compatible=arm,cortex-x1", "xenolith.compatible=arm,cortex-x1c",
    "xenolith.compatible=arm,cortex-x2", "xenolith.compatible=arm,cortex-x3", "xenolith.compatible=arm,cortex-x4",
    "xenolith.compatible=arm,neoverse-e1", "xenolith.compatible=arm,neoverse-n1", "xenolith.compatible=arm,neoverse-n2",
    "xenolith.compatible=arm,neoverse-v1", "xenolith.compatible=arm,neoverse-v2", "xenolith.compatible=apm,potenza",
    "xenolith.compatible=apm,strega", "xenolith.compatible=brcm,brahma-b53", "xenolith.compatible=brcm,vulcan",
    "xenolith.compatible=cavium,thunder", "xenolith.compatible=cavium,thunder2", "xenolith.compatible=nvidia,tegra132-denver",
    "xenolith.compatible=nvidia,tegra186-denver", "xenolith.compatible=nvidia,tegra194-carmel", "xenolith.compatible=qcom,kryo",
    "xenolith.compatible=qcom,kryo240", "xenolith.compatible=qcom,kryo250", "xenolith.compatible=qcom,kryo260",
    "xenolith.compatible=qcom,kryo280", "xenolith.compatible=qcom,kryo360", "xenolith.compatible=qcom,kryo385",
    "xenolith.compatible=qcom,kryo468", "xenolith.compatible=qcom,kryo485", "xenolith.compatible=qcom,kryo560",
    "xenolith.compatible=qcom,kryo570", "xenolith.compatible=qcom,kryo660", "xenolith.compatible=qcom,kryo685",
    "xenolith.compatible=qcom,kryo780", "xenolith.compatible=apple,icestorm", "xenolith.compatible=apple,firestorm",
    "xenolith.compatible=apple,avalanche", "xenolith.compatible=apple,blizzard", "xenolith.compatible=arm,kryo",
    "xenolith.compatible=samsung,mongoose-m2", "xenolith.compatible=samsung,mongoose-m3"})
public final class ArmProcessorComponent implements ProcessorFactory {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<CpuDescription> cpus = List.of();

  @Override
  public ModelDescription description() {
    return new ModelDescription("Cortex-A57", "An Arm CPU of ARMv8.0-A that executes A64.", "Arm DDI 0487, DDI 0488", List.of(
        InstalledCpus.OPTION,
        flag("el2", "whether EL2 is there for the guest"),
        flag("virtualization", "the same, by the name that it has on CPUs of every architecture"), flag("el3",
            "whether EL3 is there for the guest"),
        flag("lse", "whether the large-system atomics (FEAT_LSE) are there"), flag("pan",
            "whether privileged access never (FEAT_PAN) is there"),
        new Option(Granule.OPTION, Type.STRING, "",
            "sizes of pages, one or more of 4k,16k,64k; without it those of the CPU that is named, or "
                + Granule.list(Granule.DEFAULT), false),
        new Option(PhysicalSize.OPTION, Type.STRING, "", "bits of a physical address, 32, 36, 40, 42, 44 or 48; without it those of"
            + " the CPU that is named, or of " + CpuModel.STANDARD + ", 44, or 48 where the board has something above", false)));
  }

  private static Option flag(String name, String meaning) {
    return new Option(name, Type.BOOLEAN, "false", meaning, false);
  }

  @Override
  public String standard() {
    return CpuModel.STANDARD;
  }

  @Override
  public Processor create(ProcessorContext context) {
    Optional<CpuFile> named = new InstalledCpus(cpus).asked(context.node(), context.options(), CpuModel.INSTRUCTIONS);
    CpuModel model = named.map(CpuModel::of).orElseGet(CpuModel::standard);
    int physicalBits = new PhysicalSize(model, named.isPresent(), text -> {
      if (context.index() == 0) {
        context.events().announce("cpu-address-size", context.node().path(), text);
      }
    }).bits(context.node(), context.platform(), context.options().text(PhysicalSize.OPTION));
    return new Cpu(context.index(), ArmNode.config(context.node(), context.options(), model, named.isPresent()).withPhysicalBits(
        physicalBits),
        new MachineEnvironment(context));
  }
}
