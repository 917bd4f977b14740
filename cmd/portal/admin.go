package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// adminStopLimit is how long a request to the administration address may take to finish when the portal stops.
const adminStopLimit = 2 * time.Second

// metrics are what is counted of requests and of the database's connections.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(p *pools) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "portal_request_duration_seconds", Help: "Time to answer, by route and status.",
		Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, pool := range map[string]*pgxpool.Pool{"app": p.app, "public": p.public, "river": p.river} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "portal_database_connections_in_use", Help: "Connections of a pool that are busy.", ConstLabels: prometheus.Labels{"pool": name},
		}, func() float64 { return float64(pool.Stat().AcquiredConns()) }))
	}
	return m
}

// observe counts one answered request.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if method != http.MethodGet && method != http.MethodHead && method != http.MethodPost {
		method = "other" // anybody can invent methods, and each would be a series of its own
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// handler serves metrics, profiles and health. It belongs on an address that the public can't reach.
func (m *metrics) handler(portal http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /healthz", portal)
	mux.Handle("GET /readyz", portal)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// serveAdmin answers on PORTAL_ADMIN_ADDR, if one is set, until stop is called.
func serveAdmin(ctx context.Context, addr string, h http.Handler, log *slog.Logger) (stop func(), err error) {
	if addr == "" {
		return func() {}, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for administration: %w", addr, err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("administration address ended", "error", err.Error())
		}
	}()
	log.Info("administration address started", "address", l.Addr().String())
	return func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), adminStopLimit)
		defer cancel()
		if srv.Shutdown(ending) != nil {
			_ = srv.Close() // it had its time
		}
	}, nil
}
