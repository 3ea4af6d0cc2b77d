// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.efi.kit.EfiPlaces;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.HypervisorFacts;
import org.xenolith.hyp.arm.kit.V2mFrame;

/**
 * What the host's tree doesn't say about the hardware domain.
 *
 * @param hypervisor the hypervisor's node
 * @param memory     RAM, mapped one to one; at least one bank
 * @param bootArgs   kernel command line; empty to keep the one in the host's tree
 * @param initrd     where the initial RAM disk stands, if there is one
 * @param vcpus      affinity of each vCPU (MPIDR_EL1 bits 23:0), in order
 * @param ownNodes   full paths of nodes whose devices the hypervisor itself uses: its console, SMMUs
 * @param v2mFrames  message frames below a GICv2 that the domain gets; the others are left out
 * @param pci        what the hypervisor has to do with PCI
 * @param efi        where EFI's system table and memory map are, if the machine has EFI firmware that the domain may call
 */
record Dom0Facts(HypervisorFacts hypervisor, List<FdtWindow> memory, Optional<String> bootArgs,
    Optional<FdtWindow> initrd, List<Integer> vcpus, Set<String> ownNodes, List<V2mFrame> v2mFrames, Dom0Pci pci,
    Optional<EfiPlaces> efi) {
  Dom0Facts {
    memory = List.copyOf(memory);
    vcpus = List.copyOf(vcpus);
    ownNodes = Set.copyOf(ownNodes);
    v2mFrames = List.copyOf(v2mFrames);
    if (memory.isEmpty() || vcpus.isEmpty()) {
      throw new IllegalArgumentException("a hardware domain needs memory and a vCPU: expected at least one each, got "
          + memory.size() + " banks and " + vcpus.size() + " vCPUs");
    }
  }

  /** A domain without EFI whose PCI is none of the hypervisor's business. */
  Dom0Facts(HypervisorFacts hypervisor, List<FdtWindow> memory, Optional<String> bootArgs, Optional<FdtWindow> initrd,
      List<Integer> vcpus, Set<String> ownNodes, List<V2mFrame> v2mFrames) {
    this(hypervisor, memory, bootArgs, initrd, vcpus, ownNodes, v2mFrames, Dom0Pci.NONE, Optional.empty());
  }

  /** The same with another place of the initial RAM disk. */
  Dom0Facts with(Optional<FdtWindow> otherInitrd) {
    return new Dom0Facts(hypervisor, memory, bootArgs, otherInitrd, vcpus, ownNodes, v2mFrames, pci, efi);
  }

  /** The same with what the hypervisor has to do with PCI. */
  Dom0Facts with(Dom0Pci otherPci) {
    return new Dom0Facts(hypervisor, memory, bootArgs, initrd, vcpus, ownNodes, v2mFrames, otherPci, efi);
  }
}
