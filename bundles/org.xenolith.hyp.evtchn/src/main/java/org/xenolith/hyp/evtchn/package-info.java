// SPDX-License-Identifier: EPL-2.0
/** Event channels: hypercall 32 with its two ABIs, virtual interrupts, and the events of the service domain. */
package org.xenolith.hyp.evtchn;
