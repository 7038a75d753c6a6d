/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - tracepoints dvk:*, one for each of DVK_EVENT_KINDS.
 *
 * Included again and again by the kernel's machinery, so there is no include guard of
 * the usual form. The fields are those of struct dvk_event, and the DC's number.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dvk

#if !defined(MODULE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MODULE_TRACE_H

#include <linux/tracepoint.h>

#include <dvk/state.h>

/* clang-format off */
DECLARE_EVENT_CLASS(dvk_event,
	TP_PROTO(int dcid, const struct dvk_event *event),
	TP_ARGS(dcid, event),
	TP_STRUCT__entry(
		__field(u64, sequence)
		__field(u64, call)
		__field(s32, dcid)
		__field(s32, src_ep)
		__field(s32, dst_ep)
		__field(s32, m_type)
		__field(s32, result)
	),
	TP_fast_assign(
		__entry->sequence = event->sequence;
		__entry->call = event->call;
		__entry->dcid = dcid;
		__entry->src_ep = event->src_ep;
		__entry->dst_ep = event->dst_ep;
		__entry->m_type = event->m_type;
		__entry->result = event->result;
	),
	TP_printk("dc%d sequence=%llu src=%d dst=%d type=%d result=%d call=%llu",
		  __entry->dcid, __entry->sequence, __entry->src_ep, __entry->dst_ep,
		  __entry->m_type, __entry->result, __entry->call)
);

#define DVK_TRACE_KIND(name, word)					\
DEFINE_EVENT(dvk_event, dvk_##name,					\
	TP_PROTO(int dcid, const struct dvk_event *event),		\
	TP_ARGS(dcid, event)						\
);
DVK_EVENT_KINDS(DVK_TRACE_KIND)
#undef DVK_TRACE_KIND
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
