// SPDX-License-Identifier: EPL-2.0
/** Hypercall 29, sched_op: waiting, ending, and watchdogs. */
package org.xenolith.hyp.sched;
