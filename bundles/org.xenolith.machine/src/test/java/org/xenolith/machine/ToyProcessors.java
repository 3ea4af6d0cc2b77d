// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.MachineEnvironment;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.ProcessorFactory;

/** Makes CPUs for tests: what the state of a processor is doesn't matter to the core, so that it is Arm's, which is there. */
final class ToyProcessors implements ProcessorFactory {
  static final String COMPATIBLE = "toy,cpu";

  @Override
  public ModelDescription description() {
    return new ModelDescription("toy", "A toy.", "none", List.of(new Option("el2", Type.BOOLEAN, "false", "whether EL2 is there", false),
        new Option(
            "lse", Type.BOOLEAN, "false", "whether there are large-system atomics", false)));
  }

  @Override
  public Processor create(ProcessorContext context) {
    long affinity = context.node().property("reg").map(FdtProperty::cells).orElseThrow()[0];
    return new Cpu(context.index(), CpuConfig.cortexA57(affinity).withLevels(context.options().flag("el2"), false).withLse(context.options()
        .flag("lse")), new MachineEnvironment(
            context));
  }
}
