// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_get_vnumainfo ({@code struct xen_vnuma_topology_info}). */
public final class VirtualNumaInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int DOMID = 0;
  public static final int NR_VNODES = 4;
  public static final int NR_VCPUS = 8;
  public static final int NR_VMEMRANGES = 12;
  public static final int VDISTANCE = 16;
  public static final int VCPU_TO_VNODE = 24;
  public static final int VMEMRANGE = 32;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int nrVnodes() {
    return memory.read32(address + NR_VNODES);
  }

  public void nrVnodes(int value) {
    memory.write32(address + NR_VNODES, value);
  }

  public int nrVcpus() {
    return memory.read32(address + NR_VCPUS);
  }

  public void nrVcpus(int value) {
    memory.write32(address + NR_VCPUS, value);
  }

  public int nrVmemranges() {
    return memory.read32(address + NR_VMEMRANGES);
  }

  public void nrVmemranges(int value) {
    memory.write32(address + NR_VMEMRANGES, value);
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

  public long vmemrange() {
    return memory.read64(address + VMEMRANGE);
  }

  public void vmemrange(long value) {
    memory.write64(address + VMEMRANGE, value);
  }
}
