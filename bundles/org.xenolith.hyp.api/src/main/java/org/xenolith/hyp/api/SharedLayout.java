// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * Where things are in what a domain shares with the hypervisor, which each architecture lays out in its own way (public header {@code xen.h}:
 * {@code struct shared_info}, {@code struct vcpu_info}). All in bytes.
 *
 * @param vcpuInfos    how many virtual CPUs, from number 0 on, have their vcpu_info at the beginning of shared_info; the others have none until
 *                     they register one
 * @param vcpuInfoSize size of a vcpu_info
 * @param upcall       in vcpu_info, evtchn_upcall_pending: a byte
 * @param selector     in vcpu_info, evtchn_pending_sel: a word, each of whose bits stands for a word of evtchn_pending
 * @param pending      in shared_info, evtchn_pending: as many words as a word has bits
 * @param mask         in shared_info, evtchn_mask: as many
 * @param wallClock    in shared_info, wc_version, wc_sec and wc_nsec: 32 bits each, in this order
 * @param secondsHigh  in shared_info, wc_sec_hi: 32 bits
 * @param wordSize     bytes of a word: 8, or 4
 */
public record SharedLayout(int vcpuInfos, int vcpuInfoSize, int upcall, int selector, int pending, int mask, int wallClock, int secondsHigh,
    int wordSize) {
  /** One with words of 64 bits and wc_sec_hi behind wc_nsec. */
  public SharedLayout(int vcpuInfos, int vcpuInfoSize, int upcall, int selector, int pending, int mask, int wallClock) {
    this(vcpuInfos, vcpuInfoSize, upcall, selector, pending, mask, wallClock, wallClock + 12, 8);
  }

  /** How many event channels there are bits for: a word of bits says which words of pending ones to look at. */
  public int ports() {
    return 8 * wordSize * 8 * wordSize;
  }

  /** Where the vcpu_info of a virtual CPU is in shared_info, or -1 if it has none there. */
  public int vcpuInfo(int vcpu) {
    return vcpu < vcpuInfos ? vcpu * vcpuInfoSize : -1;
  }
}
