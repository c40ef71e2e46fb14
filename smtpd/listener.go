package smtpd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/pires/go-proxyproto"
)

// socketMode lets the group of the socket's folder deliver through it.
const socketMode = 0o660

// proxyHeaderTimeout is how long a proxy may take for its header.
const proxyHeaderTimeout = 10 * time.Second

// listener accepts connections for one go-smtp server, each as a *conn.
type listener struct {
	net.Listener // perhaps behind the PROXY protocol
	Address      string
	Protocol     Protocol
	server       *smtp.Server
	srv          *Server
	spare        spare // of Accept, which one goroutine calls
}

func (s *Server) listen(l Listener) (*listener, error) {
	socket := l.Socket
	if socket == nil {
		var err error
		if socket, err = openSocket(l); err != nil {
			return nil, err
		}
	}
	opened := &listener{Listener: socket, Address: l.Address, Protocol: l.Protocol, server: s.newProtocolServer(l), srv: s}
	if len(l.ProxyFrom) > 0 {
		ranges := make([]string, 0, len(l.ProxyFrom))
		for _, p := range l.ProxyFrom {
			ranges = append(ranges, p.String())
		}
		trust, err := proxyproto.TrustProxyHeaderFromRanges(ranges)
		if err != nil {
			socket.Close()
			return nil, fmt.Errorf("proxies: %w", err)
		}
		opened.Listener = &proxyproto.Listener{
			Listener:          socket,
			ReadHeaderTimeout: proxyHeaderTimeout,
			ConnPolicy: func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
				policy, err := trust(o)
				if err != nil {
					s.stats.refuse(reasonProxy)
				}
				return policy, err
			},
		}
	}
	return opened, nil
}

// openSocket listens where l says. A socket file that nobody listens at is
// left from a process that was killed, and is replaced.
func openSocket(l Listener) (net.Listener, error) {
	network, address := l.network()
	if network != "unix" {
		return net.Listen(network, address)
	}
	if c, err := net.Dial(network, address); err == nil {
		c.Close()
		return nil, errors.New("another process listens there")
	} else if errors.Is(err, syscall.ECONNREFUSED) {
		if err := os.Remove(address); err != nil {
			return nil, fmt.Errorf("removing the old socket: %w", err)
		}
	}
	socket, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(address, socketMode); err != nil {
		socket.Close()
		return nil, err
	}
	return socket, nil
}

// Accept makes a conn of the next connection. It never waits for the client:
// who he is, and whether there is room for him, is found out by conn.begin. A client
// for whom there is no descriptor is turned away here.
func (l *listener) Accept() (net.Conn, error) {
	for {
		l.spare.hold()
		raw, err := l.Listener.Accept()
		if err == nil {
			return l.srv.newConn(raw, l), nil
		}
		if !l.spare.release() || !outOfDescriptors(err) {
			return nil, err
		}
		if raw, err = l.Listener.Accept(); err != nil {
			return nil, err
		}
		l.turnAway(raw)
	}
}
