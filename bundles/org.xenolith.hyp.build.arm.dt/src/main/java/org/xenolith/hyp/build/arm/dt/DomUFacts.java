// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.HypervisorFacts;

/**
 * A domain that sees no hardware of the host.
 *
 * @param hypervisor    the hypervisor's node; none hides from the domain that it is one
 * @param memory        guest-physical RAM; at least one bank
 * @param bootArgs      kernel command line
 * @param initrd        guest-physical place of the initial RAM disk, if there is one
 * @param seed          {@code rng-seed}: entropy for its kernel
 * @param cpuCompatible {@code compatible} of its CPUs
 * @param vcpus         affinity of each vCPU (MPIDR_EL1 bits 23:0), in order
 * @param gic           the interrupt controller that it is shown
 * @param uart          whether it has a serial port of its own
 * @param pci           its virtual PCI host bridge, if it has one
 */
record DomUFacts(Optional<HypervisorFacts> hypervisor, List<FdtWindow> memory, Optional<String> bootArgs,
    Optional<FdtWindow> initrd, Optional<FdtProperty> seed, String cpuCompatible, List<Integer> vcpus, GicFacts gic, boolean uart,
    Optional<DomUPci> pci) {
  DomUFacts {
    memory = List.copyOf(memory);
    vcpus = List.copyOf(vcpus);
    if (memory.isEmpty() || vcpus.isEmpty()) {
      throw new IllegalArgumentException("a domain needs memory and a vCPU: expected at least one each, got "
          + memory.size() + " banks and " + vcpus.size() + " vCPUs");
    }
    if (gic.version() != 2 && gic.version() != 3) {
      throw new IllegalArgumentException("the domain's GIC: expected version 2 or 3, got " + gic.version());
    }
    if (pci.isPresent() && pci.get().its().isPresent() && gic.version() != 3) {
      throw new IllegalArgumentException("the domain's ITS: expected a GICv3, got version " + gic.version());
    }
    if (pci.isPresent() && pci.get().v2m().isPresent() && gic.version() != 2) {
      throw new IllegalArgumentException("the domain's message frame: expected a GICv2, got version " + gic.version());
    }
  }

  /** A domain without PCI. */
  DomUFacts(Optional<HypervisorFacts> hypervisor, List<FdtWindow> memory, Optional<String> bootArgs, Optional<FdtWindow> initrd,
      Optional<FdtProperty> seed, String cpuCompatible, List<Integer> vcpus, GicFacts gic, boolean uart) {
    this(hypervisor, memory, bootArgs, initrd, seed, cpuCompatible, vcpus, gic, uart, Optional.empty());
  }
}
