/** Hypercall 29, sched_op: waiting, ending, and watchdogs. */
package org.xenolith.hyp.sched;
