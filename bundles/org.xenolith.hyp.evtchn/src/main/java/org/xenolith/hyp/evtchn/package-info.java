/** Event channels: hypercall 32 with its two ABIs, virtual interrupts, and the events of the service domain. */
package org.xenolith.hyp.evtchn;
