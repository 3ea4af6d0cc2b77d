// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * Where things are in what a domain shares with the hypervisor, which each architecture lays out in its own way (public header {@code xen.h}:
 * {@code struct shared_info}, {@code struct vcpu_info}). All in bytes; words have 64 bits.
 *
 * @param vcpuInfos    how many virtual CPUs, from number 0 on, have their vcpu_info at the beginning of shared_info; the others have none until
 *                     they register one
 * @param vcpuInfoSize size of a vcpu_info
 * @param upcall       in vcpu_info, evtchn_upcall_pending: a byte
 * @param selector     in vcpu_info, evtchn_pending_sel: a word
 * @param pending      in shared_info, evtchn_pending: 64 words
 * @param mask         in shared_info, evtchn_mask: 64 words
 * @param wallClock    in shared_info, wc_version, wc_sec, wc_nsec and wc_sec_hi: 32 bits each, in this order
 */
public record SharedLayout(int vcpuInfos, int vcpuInfoSize, int upcall, int selector, int pending, int mask, int wallClock) {
  /** Where the vcpu_info of a virtual CPU is in shared_info, or -1 if it has none there. */
  public int vcpuInfo(int vcpu) {
    return vcpu < vcpuInfos ? vcpu * vcpuInfoSize : -1;
  }
}
