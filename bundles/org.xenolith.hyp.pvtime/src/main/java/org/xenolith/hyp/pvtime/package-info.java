// SPDX-License-Identifier: EPL-2.0
/** Time of guests on x86 as Xen gives it to them: vcpu_time_info, and the timers of vcpu_op. Source: Xen's public headers xen.h, vcpu.h. */
package org.xenolith.hyp.pvtime;
