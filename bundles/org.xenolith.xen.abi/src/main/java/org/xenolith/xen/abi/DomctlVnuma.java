// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_setvnumainfo ({@code struct xen_domctl_vnuma}). */
public final class DomctlVnuma extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 48;
  public static final int NR_VNODES = 0;
  public static final int NR_VMEMRANGES = 4;
  public static final int NR_VCPUS = 8;
  public static final int PAD = 12;
  public static final int VDISTANCE = 16;
  public static final int VCPU_TO_VNODE = 24;
  public static final int VNODE_TO_PNODE = 32;
  public static final int VMEMRANGE = 40;

  public int nrVnodes() {
    return memory.read32(address + NR_VNODES);
  }

  public void nrVnodes(int value) {
    memory.write32(address + NR_VNODES, value);
  }

  public int nrVmemranges() {
    return memory.read32(address + NR_VMEMRANGES);
  }

  public void nrVmemranges(int value) {
    memory.write32(address + NR_VMEMRANGES, value);
  }

  public int nrVcpus() {
    return memory.read32(address + NR_VCPUS);
  }

  public void nrVcpus(int value) {
    memory.write32(address + NR_VCPUS, value);
  }

  public int pad() {
    return memory.read32(address + PAD);
  }

  public void pad(int value) {
    memory.write32(address + PAD, value);
  }

  public long vdistance() {
    return memory.read64(address + VDISTANCE);
  }

  public void vdistance(long value) {
    memory.write64(address + VDISTANCE, value);
  }

  public long vcpuToVnode() {
    return memory.read64(address + VCPU_TO_VNODE);
  }

  public void vcpuToVnode(long value) {
    memory.write64(address + VCPU_TO_VNODE, value);
  }

  public long vnodeToPnode() {
    return memory.read64(address + VNODE_TO_PNODE);
  }

  public void vnodeToPnode(long value) {
    memory.write64(address + VNODE_TO_PNODE, value);
  }

  public long vmemrange() {
    return memory.read64(address + VMEMRANGE);
  }

  public void vmemrange(long value) {
    memory.write64(address + VMEMRANGE, value);
  }
}
